"""Where a distributor may sell: sets of administrative divisions with exceptions inside them.

Divisions are six-digit GB/T 2260 codes; the tree comes from the caller as a map from each code
to its parent, because prefectures, counties and directly governed cities nest unevenly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.periods import Period
from contracts.values.schedules import Dated

#: Each division's parent; None for a province or for a code outside the tree.
Ancestors = Mapping[str, str | None]


@dataclass(frozen=True)
class Territory:
    """The divisions granted, those kept out, and those kept out on certain days only.

    A division named both in and out is out.
    """

    includes: frozenset[str]
    excludes: frozenset[str] = frozenset()
    carve_outs: tuple[Dated[str], ...] = ()

    def excluded_on(self, on: date) -> frozenset[str]:
        """Every division kept out on this day."""
        return self.excludes | {item.value for item in self.carve_outs if item.holds(on)}

    def named(self) -> frozenset[str]:
        """Every division that the territory mentions."""
        return self.includes | self.excludes | {item.value for item in self.carve_outs}


@dataclass(frozen=True)
class Grant:
    """A territory given for goods and a time; no goods named means all of them.

    `reference` is the contract's number, by which a conflict is reported.
    """

    territory: Territory
    goods: frozenset[str]
    period: Period
    exclusive: bool
    reference: str


def covers(territory: Territory, code: str, ancestors: Ancestors, on: date) -> bool:
    """Whether the division lies in the territory on this day.

    The nearest division above it, itself first, that the territory mentions decides: a county
    kept out of its prefecture is out, and a county granted inside a prefecture kept out is in.
    """
    excluded = territory.excluded_on(on)
    for place in _lineage(code, ancestors):
        if place in excluded:
            return False
        if place in territory.includes:
            return True
    return False


def lies_in(code: str, area: str, ancestors: Ancestors) -> bool:
    """Whether the division is the area or a part of it."""
    return area in _lineage(code, ancestors)


def carved(territory: Territory, cuts: Iterable[Dated[str]]) -> Territory:
    """The territory with more divisions kept out on certain days."""
    more = tuple(cut for cut in cuts if cut not in territory.carve_outs)
    return replace(territory, carve_outs=(*territory.carve_outs, *more)) if more else territory


def cut_through(territory: Territory, code: str, ancestors: Ancestors, on: date) -> bool:
    """Whether opening the division takes a part out of this territory on the day.

    True where it is covered by a grant of an area above it. A contract that names the division
    itself is not cut: whether two may hold it is for exclusivity to say.
    """
    return code not in territory.includes and covers(territory, code, ancestors, on)


def check_ship_to(
    territory: Territory, code: str, name: str, ancestors: Ancestors, on: date
) -> list[Finding]:
    """Refuse a place of delivery or of sale outside the territory: `territory.outside`."""
    if covers(territory, code, ancestors, on):
        return []
    return [block("territory.outside", code, division=code, name=name)]


def overlap(a: Grant, b: Grant, ancestors: Ancestors) -> list[str]:
    """The topmost divisions granted to both for the same goods on a common day, sorted."""
    common = a.period.intersection(b.period)
    if common is None or (a.goods and b.goods and not a.goods & b.goods):
        return []
    # What a territory covers changes only at a division it names, so the top of every shared
    # area is named by one of the two; and it changes only on the days a carve-out turns.
    named = a.territory.named() | b.territory.named()
    shared: set[str] = set()
    for on in _turning_days(common, a.territory, b.territory):
        both = {
            code
            for code in named
            if covers(a.territory, code, ancestors, on) and covers(b.territory, code, ancestors, on)
        }
        shared |= {code for code in both if not any(up in both for up in _above(code, ancestors))}
    return sorted(
        code for code in shared if not any(up in shared for up in _above(code, ancestors))
    )


def check_exclusive(new: Grant, others: Iterable[Grant], ancestors: Ancestors) -> list[Finding]:
    """Refuse a second owner of an area: one `territory.overlap` for each contract in the way.

    Two grants conflict when either of them is exclusive.
    """
    findings = []
    for other in others:
        divisions = overlap(new, other, ancestors) if new.exclusive or other.exclusive else []
        if divisions:
            findings.append(
                block(
                    "territory.overlap",
                    new.reference,
                    contract=other.reference,
                    divisions=tuple(divisions),
                    start=max(new.period.start, other.period.start),
                    last_day=min(new.period.last_day, other.period.last_day),
                )
            )
    return findings


def _lineage(code: str, ancestors: Ancestors) -> Iterator[str]:
    """The division and all above it, nearest first; a tree that bites its tail ends there."""
    seen: set[str] = set()
    place: str | None = code
    while place is not None and place not in seen:
        seen.add(place)
        yield place
        place = ancestors.get(place)


def _above(code: str, ancestors: Ancestors) -> Iterator[str]:
    """The divisions above this one, nearest first."""
    return (place for place in _lineage(code, ancestors) if place != code)


def _turning_days(common: Period, *territories: Territory) -> list[date]:
    """The first day of the span and the days within it on which a carve-out begins or ends."""
    days = {common.start}
    for territory in territories:
        for item in territory.carve_outs:
            days |= {day for day in (item.valid_from, item.valid_to) if day is not None}
    return sorted(day for day in days if common.contains(day))
