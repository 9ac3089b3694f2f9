"""Exchange of slow-moving goods: what may be claimed, what it is worth, how a claim moves.

Pure. Quantities are base units, amounts whole fen; every refusal is a finding with its figures.
Goods that are exchanged are no sales: nothing here ever reaches a target, a rebate or a mix.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts.clauses import Duties
from contracts.values.findings import Fact, Finding, block, warn
from contracts.values.money import Money, divide_half_up, vat_split
from contracts.values.transitions import Transitions

#: What goes out for the goods that come back: money, the same goods, other goods.
MEANS = ("credit", "same", "other")

WORKFLOW: Transitions[str, str] = Transitions(
    {
        ("draft", "file"): "claimed",
        ("draft", "withdraw"): "withdrawn",
        ("claimed", "approve"): "approved",
        ("claimed", "refuse"): "refused",
        ("claimed", "withdraw"): "withdrawn",
        ("approved", "send"): "on_way",
        ("approved", "withdraw"): "withdrawn",
        ("approved", "lapse"): "lapsed",
        ("on_way", "count"): "counted",
        ("counted", "settle"): "settled",
        ("counted", "settle_part"): "disputed",
        ("disputed", "judge"): "judged",
        ("disputed", "dismiss"): "settled",
        ("judged", "settle"): "settled",
    }
)
#: Claims in these states hold nothing: neither the goods nor a part of the cap.
DEAD = ("draft", "withdrawn", "refused", "lapsed")


@dataclass(frozen=True)
class Source:
    """Units of one line that we shipped to the distributor; `left` of them are not claimed yet.

    `last_day` None: the agreement of the ship date knows no exchange.
    """

    line_id: int
    shipment: str
    shipped_on: date
    product: str
    batch: str
    left: int
    last_day: date | None
    contract: str = ""


@dataclass(frozen=True)
class Wish:
    """What is asked for; the batch is empty where the distributor knows none."""

    product: str
    batch: str
    quantity: int
    is_sealed: bool = True

    @property
    def goods(self) -> str:
        """The good, with its batch where there is one."""
        return f"{self.product} · {self.batch}" if self.batch else self.product


@dataclass(frozen=True)
class Part:
    """A part of a wish, from one source; None where we shipped nothing that it could be."""

    wish: Wish
    source: Source | None
    quantity: int


def sources_of(wish: Wish, sources: Iterable[Source]) -> list[Source]:
    """Where the goods of a wish may have come from, the newest delivery first.

    The batch decides where our shipments name it. Goods that we shipped without a batch go by
    first in, first out: the oldest were sold first, so what is left is of the newest.
    """
    own = [s for s in sources if s.product == wish.product]
    named = [s for s in own if wish.batch and s.batch == wish.batch]
    unnamed = [s for s in own if not s.batch]
    found = named or unnamed or ([] if wish.batch else own)
    return sorted(found, key=lambda s: (s.shipped_on, s.line_id), reverse=True)


def spread(wish: Wish, sources: Iterable[Source]) -> list[Part]:
    """The wish in parts, each of one delivery; what we never shipped is the last, without one."""
    parts, rest = [], wish.quantity
    for source in sources_of(wish, sources):
        share = min(rest, source.left)
        if share > 0:
            parts.append(Part(wish, source, share))
            rest -= share
    return [*parts, Part(wish, None, rest)] if rest > 0 else parts


def check_part(part: Part, on: date, duties: Duties, extra_days: int = 0) -> list[Finding]:
    """Why a part cannot be claimed on a day. `extra_days` come from an approved exception.

    Day 0 is the day of shipment, so that with 90 days day 90 is the last.
    """
    wish, source = part.wish, part.source
    if source is None:
        known = wish.quantity - part.quantity
        asked: dict[str, Fact] = {"asked": wish.quantity, "over": part.quantity, "left": known}
        return [block("exchange.too_many", wish.product, goods=wish.goods, **asked)]
    findings = []
    if source.last_day is None:
        findings.append(
            block(
                "exchange.by_type_shipped",
                wish.product,
                goods=wish.goods,
                shipment=source.shipment,
                contract=source.contract,
            )
        )
    elif on > source.last_day:
        days = (on - source.shipped_on).days
        late: dict[str, Fact] = {
            "goods": wish.goods,
            "shipment": source.shipment,
            "shipped": source.shipped_on,
            "last": source.last_day,
            "day": days,
            "days": (source.last_day - source.shipped_on).days,
        }
        if on <= source.last_day + timedelta(days=extra_days):
            findings.append(warn("exchange.window_waived", wish.product, **late))
        else:
            findings.append(block("exchange.window", wish.product, **late))
    if duties.exchange_sealed and not wish.is_sealed:
        findings.append(block("exchange.not_sealed", wish.product, goods=wish.goods))
    return findings


def unit_worth(price: str, paid_fen: int, book_fen: int | None) -> int:
    """What one unit that comes back is worth incl. VAT; without a book price what was paid."""
    return paid_fen if price == "last" or book_fen is None else min(paid_fen, book_fen)


def net_fen(quantity: int, unit_gross_fen: int, rate_bp: int) -> int:
    """The value of some units without VAT, rounded once for the line."""
    return vat_split(quantity * unit_gross_fen, rate_bp)[0]


def cap_fen(base_net_fen: int, cap_bp: int | None) -> int | None:
    """Most that a quarter may exchange, net, rounded half-up once; None where nothing caps it."""
    if cap_bp is None:
        return None
    return divide_half_up(max(0, base_net_fen) * cap_bp, 10_000)


def check_cap(asked_fen: int, used_fen: int, base_net_fen: int, duties: Duties) -> list[Finding]:
    """Net value asked for beside what other claims of the quarter hold; equality passes."""
    cap = cap_fen(base_net_fen, duties.exchange_cap_bp)
    if cap is None or asked_fen + used_fen <= cap:
        return []
    assert duties.exchange_cap_bp is not None
    return [
        block(
            "exchange.cap",
            asked=Money.from_fen(asked_fen),
            used=Money.from_fen(used_fen),
            cap=Money.from_fen(cap),
            left=Money.from_fen(max(0, cap - used_fen)),
            base=Money.from_fen(base_net_fen),
            percent=Decimal(duties.exchange_cap_bp) / 100,
        )
    ]


def check_times(filed: int, quarter: str, duties: Duties) -> list[Finding]:
    """Whether one claim more fits into the quarter, of which so many are filed already."""
    most = duties.exchange_times
    if most is None or filed < most:
        return []
    return [block("exchange.too_often", filed=filed, most=most, quarter=quarter)]


def check_means(means: str, worth_fen: int, goods_fen: int | None, duties: Duties) -> list[Finding]:
    """What goes out: a mere credit may be excluded, and other goods must then be worth as much.

    `goods_fen` is the value of the other goods at the book price of the day; None: one has none.
    """
    if means == "credit":
        return [block("exchange.goods_needed", "means")] if duties.exchange_needs_goods else []
    if means == "other":
        if goods_fen is None:
            return [block("exchange.no_price", "means")]
        if goods_fen == 0:
            return [block("exchange.no_goods", "means")]
        if duties.exchange_needs_goods and goods_fen < worth_fen:
            return [
                block(
                    "exchange.goods_short",
                    "means",
                    worth=Money.from_fen(worth_fen),
                    goods_value=Money.from_fen(goods_fen),
                    short=Money.from_fen(worth_fen - goods_fen),
                )
            ]
    return []


@dataclass(frozen=True)
class Change:
    """A quantity that somebody says of a line, between 0 and what was there before."""

    goods: str
    before: int
    said: int
    reason: str = ""


#: act → (code when more is said than there is, whether less needs a reason)
_SAID: Mapping[str, tuple[str, bool]] = {
    "approve": ("exchange.approved_more", True),
    "send": ("exchange.sent_more", False),
    "count": ("exchange.counted_more", True),
    "judge": ("exchange.granted_more", True),
}


def check_said(act: str, changes: Sequence[Change]) -> list[Finding]:
    """Whether the quantities of an act may stand: never more than before, less with a reason."""
    code, needs_reason = _SAID[act]
    findings = []
    for change in changes:
        facts: dict[str, Fact] = {
            "goods": change.goods,
            "said": change.said,
            "before": change.before,
        }
        if change.said < 0:
            findings.append(block("exchange.negative", **facts))
        elif change.said > change.before:
            findings.append(block(code, **facts))
        elif needs_reason and change.said < change.before and not change.reason.strip():
            findings.append(block("exchange.reason_needed", **facts))
    if act in ("approve", "send") and not any(change.said > 0 for change in changes):
        findings.append(block("exchange.nothing_left"))
    return findings


@dataclass(frozen=True)
class Amount:
    """A line of the document that settles a claim; what comes back is negative."""

    net_fen: int
    tax_fen: int
    gross_fen: int

    def __neg__(self) -> Amount:
        return Amount(-self.net_fen, -self.tax_fen, -self.gross_fen)


def amount_of(gross_fen: int, rate_bp: int) -> Amount:
    """A positive amount incl. VAT with its parts."""
    net, tax = vat_split(gross_fen, rate_bp)
    return Amount(net, tax, gross_fen)


def freight_share(freight_fen: int, paid_by: str, borne_by: str) -> int:
    """What the distributor owes (or, negative, gets) for the freight of the way back.

    Nothing, where the side that paid the carrier is the side that bears it.
    """
    if paid_by == borne_by:
        return 0
    return freight_fen if paid_by == "maker" else -freight_fen
