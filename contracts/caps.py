"""How many contracts may hold an area at once, by its level, and which ones stand in the way.

A cap counts the contracts that name a division of its level inside its area; it says nothing of
who may have which goods, so it refuses a second contract even where exclusivity allows one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.territory import Ancestors, lies_in
from contracts.values.findings import Finding, block
from contracts.values.periods import Period


@dataclass(frozen=True)
class Cap:
    """At most `most` contracts that name a division of `level` in `area`, from a day on.

    Of several caps for one area and level the one that began last rules; `valid_to` is exclusive.
    """

    area: str
    level: str
    most: int
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the cap is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class Holding:
    """A contract, when it is live, and the divisions it names."""

    contract: str
    period: Period
    divisions: frozenset[str]


def ruling(caps: Iterable[Cap], on: date) -> list[Cap]:
    """The cap in force of each area and level on the day, by area and level."""
    latest: dict[tuple[str, str], Cap] = {}
    for cap in sorted(caps, key=lambda c: c.valid_from):
        if cap.holds(on):
            latest[cap.area, cap.level] = cap
    return [latest[key] for key in sorted(latest)]


def counted(
    cap: Cap,
    holdings: Iterable[Holding],
    ancestors: Ancestors,
    levels: Mapping[str, str],
    on: date,
) -> tuple[str, ...]:
    """The contracts that count against the cap on the day, sorted."""
    return tuple(
        sorted(
            {
                holding.contract
                for holding in holdings
                if holding.period.contains(on) and _counts(cap, holding, ancestors, levels)
            }
        )
    )


def check_caps(
    new: Holding,
    others: Sequence[Holding],
    caps: Sequence[Cap],
    ancestors: Ancestors,
    levels: Mapping[str, str],
) -> list[Finding]:
    """Refuse a contract that would be one too many on any of its days: `territory.cap`.

    Each cap is reported once, with the first day on which it would be passed.
    """
    turning = {new.period.start}
    turning |= {h.period.start for h in others if new.period.contains(h.period.start)}
    turning |= {c.valid_from for c in caps if new.period.contains(c.valid_from)}
    found: dict[tuple[str, str], Finding] = {}
    for on in sorted(turning):
        for cap in ruling(caps, on):
            key = (cap.area, cap.level)
            if key in found or not _counts(cap, new, ancestors, levels):
                continue
            standing = counted(cap, others, ancestors, levels, on)
            standing = tuple(c for c in standing if c != new.contract)
            if len(standing) >= cap.most:
                found[key] = block(
                    "territory.cap",
                    cap.area,
                    area=cap.area,
                    level=cap.level,
                    most=cap.most,
                    contracts=standing,
                    on=on,
                )
    return [found[key] for key in sorted(found)]


def _counts(cap: Cap, holding: Holding, ancestors: Ancestors, levels: Mapping[str, str]) -> bool:
    return any(
        levels.get(code) == cap.level and lies_in(code, cap.area, ancestors)
        for code in holding.divisions
    )
