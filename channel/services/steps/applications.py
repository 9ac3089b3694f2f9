"""What is asked for in an application, what it lacks, and who has to sign it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from channel.access import Role
from channel.models.partners import Maker
from contracts.approval import Band, Mode, Route, Stage
from contracts.values.findings import Finding, block

CM, FIN, OWNER = Role.CHANNEL_MANAGER.value, Role.FINANCE.value, Role.OWNER.value


def bands(maker: Maker) -> list[Band]:
    """Who signs what: the desk that bears the risk, and the owner above the house's band."""

    def one(role: str) -> Stage:
        return Stage(Mode.ANY_OF, (role,))

    chains = {
        "minimum": (one(CM),),
        "credit": (one(CM), one(FIN)),
        "territory": (one(CM),),
        "price": (one(CM), one(FIN)),
        "expiry": (one(CM), one(FIN)),
    }
    found = []
    for kind, stages in chains.items():
        found.append(Band(kind, 0, Route(stages)))
        if maker.exception_band_fen > 0:
            found.append(Band(kind, maker.exception_band_fen, Route((*stages, one(OWNER)))))
    return found


@dataclass(frozen=True)
class Application:
    """What is asked for. `valid_to` is exclusive; `asked` holds what the type needs:
    minimum floor_fen · credit, expiry amount_fen · territory division_code · price product_id,
    unit_gross_fen, max_quantity."""

    type: str
    distributor_id: int
    reason: str
    valid_from: date
    valid_to: date | None
    asked: dict[str, Any]
    subject_kind: str = "none"
    subject_id: int | None = None
    finding: dict[str, Any] | None = None
    ground_means: str = ""
    ground_market: str = ""
    expected_sales_fen: int | None = None
    max_uses: int | None = None
    max_value_fen: int | None = None


#: Which figures each type must ask for.
ASKED = {
    "minimum": ("floor_fen",),
    "credit": ("amount_fen",),
    "expiry": ("amount_fen",),
    "territory": ("division_code",),
    "price": ("product_id", "unit_gross_fen", "max_quantity"),
}


def check_application(wish: Application) -> list[Finding]:
    """What an application lacks; an exception without an end does not exist (D10)."""
    findings = []
    if wish.type not in ASKED:
        return [block("exception.type", kind=wish.type)]
    if not wish.reason.strip():
        findings.append(block("exception.reason_needed"))
    if wish.valid_to is None:
        findings.append(block("exception.end_needed"))
    elif wish.valid_to <= wish.valid_from:
        findings.append(block("exception.span"))
    elif (wish.valid_to - wish.valid_from).days > 731:
        findings.append(block("exception.too_long"))
    for name in ASKED[wish.type]:
        if wish.asked.get(name) in (None, ""):
            findings.append(block("exception.asked_missing", name, field=name))
        elif isinstance(wish.asked[name], int) and wish.asked[name] <= 0:
            findings.append(block("exception.asked_positive", name, field=name))
    if wish.type == "minimum" and not (wish.ground_means.strip() and wish.ground_market.strip()):
        findings.append(block("exception.grounds_needed"))
    for cap in (wish.max_uses, wish.max_value_fen):
        if cap is not None and cap <= 0:
            findings.append(block("exception.cap_positive"))
    return findings


def size_fen(wish: Application, maker: Maker) -> int:
    """The value by which approvers are chosen."""
    asked = wish.asked
    if wish.type == "price":
        return int(asked["unit_gross_fen"]) * int(asked["max_quantity"])
    if wish.type == "minimum":
        return wish.max_value_fen or int(asked["floor_fen"]) * (wish.max_uses or 1)
    if wish.type == "territory":
        return wish.max_value_fen or maker.exception_band_fen
    return int(asked["amount_fen"])
