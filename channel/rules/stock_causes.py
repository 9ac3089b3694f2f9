"""Why two figures of a report disagree: causes that explain the difference exactly, with evidence.

A cause is only named when it turns the one figure into the other to the unit; the strongest
comes first. Nothing is corrected here: people decide, with the evidence before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from channel.rules.stock_row import INCOMING, OUTGOING, StockRow, expected_closing, quantity_in
from contracts.values.findings import Fact, Finding, info

#: How much a cause convinces when several explain the same difference; the order of telling.
STRENGTH: Mapping[str, int] = {
    "restated": 90,
    "in_transit": 85,
    "arrived_late": 84,
    "pack": 80,
    "returned": 75,
    "left_out": 70,
    "ten": 60,
    "swapped": 55,
    "permuted": 50,
    "grey": 10,
}
TENS = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation; `facts` are its evidence."""

    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def strength(self) -> int:
        return STRENGTH[self.kind]

    def finding(self, product: str) -> Finding:
        """The cause as a note on a good."""
        return info(f"stock.cause.{self.kind}", product, **{"product": product, **self.facts})


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of our shipments of a good: when, how much, and its number."""

    on: date
    quantity: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we know of one good of a distributor in a period, in base units.

    `arrived`: our shipments that were due to have arrived; `moving`: those of the last days,
    which may be on the road; `before`: those that were due before the period. `returned`: what
    came back to us in it. `left_out`: receipts of rows left out of the report, by code.
    """

    case: int = 1
    arrived: tuple[Shipped, ...] = ()
    moving: tuple[Shipped, ...] = ()
    before: tuple[Shipped, ...] = ()
    returned: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


def misread(entered: int, wanted: int, case: int = 1) -> Iterator[Cause]:
    """How `entered` may be `wanted` written wrongly: unit, decimal places, order of digits."""
    if entered == wanted or entered <= 0 or wanted <= 0:
        return
    figures: dict[str, Fact] = {"entered": entered, "wanted": wanted}
    if case > 1 and (entered * case == wanted or wanted * case == entered):
        yield Cause("pack", {**figures, "case": case})
    for factor in TENS:
        if entered * factor == wanted or wanted * factor == entered:
            yield Cause("ten", {**figures, "factor": factor})
    kind = _digits_moved(str(entered), str(wanted))
    if kind:
        yield Cause(kind, {**figures, "difference": abs(entered - wanted)})


def _digits_moved(one: str, other: str) -> str:
    """«swapped»: two neighbours; «permuted»: the same digits in another order; '' else.

    Either way the difference is divisible by nine.
    """
    if len(one) != len(other) or sorted(one) != sorted(other):
        return ""
    places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return "swapped" if len(places) == 2 and places[1] == places[0] + 1 else "permuted"


def of_receipts(reported: int, known: Known) -> list[Cause]:
    """Why receipts differ from our shipments; [] when they agree or nothing explains them."""
    due = sum(s.quantity for s in known.arrived)
    most = due + sum(s.quantity for s in known.moving)
    if due <= reported <= most:
        return []
    found: list[Cause] = []
    if reported < due:
        found += _still_moving(due - reported, known.arrived)
        found += _left_out(due - reported, known.left_out)
        if known.returned and known.returned == due - reported:
            facts: dict[str, Fact] = {"returned": known.returned, "difference": reported - due}
            found.append(Cause("returned", facts))
    else:
        found += _came_late(reported - most, known.before)
        found.append(Cause("grey", {"quantity": reported - most, "shipped": most}))
    for wanted in dict.fromkeys(_sums(due, known.moving)):
        found += misread(reported, wanted, known.case)
    return ordered(found)


def _sums(due: int, moving: Sequence[Shipped]) -> list[int]:
    """What may have arrived: what was due, and with each further shipment on the road."""
    later = sorted(moving, key=lambda s: (s.on, s.number))
    return list(accumulate((s.quantity for s in later), initial=due))


def _still_moving(short: int, arrived: Sequence[Shipped]) -> Iterator[Cause]:
    """The last shipments, taken together, are exactly what is missing."""
    newest = sorted(arrived, key=lambda s: (s.on, s.number), reverse=True)
    yield from _run("in_transit", short, newest)


def _came_late(over: int, before: Sequence[Shipped]) -> Iterator[Cause]:
    """Shipments of the time before, the last ones first, are exactly what is too much."""
    newest = sorted(before, key=lambda s: (s.on, s.number), reverse=True)
    yield from _run("arrived_late", over, newest)


def _run(kind: str, wanted: int, shipments: Sequence[Shipped]) -> Iterator[Cause]:
    total = 0
    for place, shipment in enumerate(shipments, 1):
        total += shipment.quantity
        if total >= wanted:
            if total == wanted:
                own = shipments[:place]
                yield Cause(
                    kind,
                    {
                        "quantity": wanted,
                        "days": tuple(sorted(s.on.isoformat() for s in own)),
                        "numbers": tuple(sorted(s.number for s in own)),
                    },
                )
            return


def _left_out(short: int, rows: Mapping[str, int]) -> Iterator[Cause]:
    """One row that was left out, or all of them, hold exactly what is missing."""
    for code, quantity in sorted(rows.items()):
        if quantity == short:
            yield Cause("left_out", {"codes": (code,), "quantity": short})
    if len(rows) > 1 and sum(rows.values()) == short:
        yield Cause("left_out", {"codes": tuple(sorted(rows)), "quantity": short})


def of_balance(row: StockRow, known: Known) -> list[Cause]:
    """Why a line does not balance: one of its figures misread, or a return not written down."""
    expected = expected_closing(row)
    if expected is None or row.closing is None or row.closing == expected:
        return []
    # What goes in raises the expected closing; what goes out lowers it.
    gap = int(row.closing) - int(expected)
    found: list[Cause] = []
    back = known.returned - int(row.returns_out or 0)
    if back > 0 and gap == -back:
        found.append(Cause("returned", {"returned": known.returned, "difference": gap}))
    signs = {**dict.fromkeys(("opening", *INCOMING), 1), **dict.fromkeys(OUTGOING, -1)}
    for column, sign in (*signs.items(), ("closing", -1)):
        value = quantity_in(row, column)
        if value is None:
            continue
        for cause in misread(int(value), int(value) + sign * gap, known.case):
            found.append(Cause(cause.kind, {**cause.facts, "column": column}))
    return ordered(found)


def of_opening(
    opening: int, previous: int, earlier: Iterable[tuple[int, int]], case: int = 1
) -> list[Cause]:
    """Why opening is not the closing before; `earlier`: (version, closing) before it changed."""
    if opening == previous:
        return []
    found = [
        Cause("restated", {"version": version, "was": closing, "now": previous})
        for version, closing in earlier
        if closing == opening
    ][:1]
    return ordered([*found, *misread(opening, previous, case)])


def ordered(causes: Sequence[Cause]) -> list[Cause]:
    """The strongest first, each kind and evidence once; equal ones keep their order."""
    once: dict[tuple[str, str], Cause] = {}
    for cause in causes:
        once.setdefault((cause.kind, str(sorted(cause.facts.items()))), cause)
    return sorted(once.values(), key=lambda c: -c.strength)
