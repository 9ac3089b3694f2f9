"""What is asked for in an application, and what it lacks before anybody is asked to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from channel.models.partners import Maker
from contracts.values.findings import Finding, block

#: An exception holds two years at most.
LONGEST_DAYS = 731


@dataclass(frozen=True)
class Application:
    """What is asked for. `valid_to` is exclusive; `asked` holds what the type needs:
    minimum floor_fen · credit, expiry, delivery_place, support amount_fen · territory, level
    division_code · price product_id, unit_gross_fen, max_quantity · terms, exchange extra_days.

    `review_on` are the days on which the outcome is measured; None takes the house's custom.
    """

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
    ground_cost: str = ""
    ground_incumbents: str = ""
    expected_sales_fen: int | None = None
    max_uses: int | None = None
    max_value_fen: int | None = None
    review_on: tuple[date, ...] | None = None
    widens_id: int | None = None


#: Which figures each type must ask for.
ASKED = {
    "minimum": ("floor_fen",),
    "credit": ("amount_fen",),
    "expiry": ("amount_fen",),
    "territory": ("division_code",),
    "price": ("product_id", "unit_gross_fen", "max_quantity"),
    "level": ("division_code",),
    "terms": ("extra_days",),
    "exchange": ("extra_days",),
    "delivery_place": ("amount_fen",),
    "support": ("amount_fen",),
}

#: D04: the grounds without which a type is not handed in.
GROUNDS = {
    "minimum": ("ground_means", "ground_market"),
    "level": ("ground_means", "ground_market"),
    "terms": ("ground_means",),
}

#: The longest postponement that may be asked for.
MOST_EXTRA_DAYS = 365


def check_application(wish: Application) -> list[Finding]:
    """What an application lacks; an exception without an end does not exist (D10)."""
    if wish.type not in ASKED:
        return [block("exception.type", kind=wish.type)]
    findings = []
    if not wish.reason.strip():
        findings.append(block("exception.reason_needed"))
    findings += _check_span(wish)
    findings += _check_asked(wish)
    lacking = [g for g in GROUNDS.get(wish.type, ()) if not str(getattr(wish, g) or "").strip()]
    if lacking == ["ground_means"] and wish.type == "terms":
        findings.append(block("exception.means_needed", "ground_means"))
    elif lacking:
        findings.append(block("exception.grounds_needed", lacking[0]))
    for cap in (wish.max_uses, wish.max_value_fen):
        if cap is not None and cap <= 0:
            findings.append(block("exception.cap_positive"))
    return findings


def _check_span(wish: Application) -> list[Finding]:
    if wish.valid_to is None:
        return [block("exception.end_needed", "last_day")]
    if wish.valid_to <= wish.valid_from:
        return [block("exception.span", "last_day")]
    if (wish.valid_to - wish.valid_from).days > LONGEST_DAYS:
        return [block("exception.too_long", "last_day")]
    return [
        block("exception.review_outside", "review_on", on=on)
        for on in wish.review_on or ()
        if not wish.valid_from < on <= wish.valid_to
    ]


def _check_asked(wish: Application) -> list[Finding]:
    findings = []
    for name in ASKED[wish.type]:
        value = wish.asked.get(name)
        if value in (None, ""):
            findings.append(block("exception.asked_missing", name, field=name))
        elif isinstance(value, int) and value <= 0:
            findings.append(block("exception.asked_positive", name, field=name))
        elif name == "extra_days" and value > MOST_EXTRA_DAYS:
            findings.append(block("exception.days_most", name, most=MOST_EXTRA_DAYS))
    return findings


def size_fen(wish: Application, maker: Maker) -> int:
    """The value by which approvers are chosen."""
    asked = wish.asked
    if wish.type == "price":
        return int(asked["unit_gross_fen"]) * int(asked["max_quantity"])
    if wish.type == "minimum":
        return wish.max_value_fen or int(asked["floor_fen"]) * (wish.max_uses or 1)
    if wish.type in ("territory", "level", "terms", "exchange"):
        # Without a cap the value is not known: the expected sales, else as much as needs the owner.
        return wish.max_value_fen or wish.expected_sales_fen or maker.exception_band_fen
    return int(asked["amount_fen"])
