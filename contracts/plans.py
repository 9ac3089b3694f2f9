"""A year's target as a plan: year → quarter → month → goods group, and the growth that it asks.

Each level is shared by weights and sums to the level above it; what rounding leaves over lands in
the last part. Growth is held against what peers grow by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from contracts.targets import Target, split
from contracts.values.findings import Finding, info, warn
from contracts.values.money import divide_half_up
from contracts.values.periods import Period
from contracts.values.rates import EXACT, Rate

QUARTERS = 4
MONTHS = 12


@dataclass(frozen=True)
class Weights:
    """Season weights of the quarters and of the months within each, and the goods' weights.

    Any whole numbers: 20/30/30/20, or amounts. No groups: the plan ends at the month.
    ValueError for a wrong number of weights, a negative one, or a level without any.
    """

    quarters: tuple[int, ...] = (25, 25, 25, 25)
    months: tuple[int, ...] = (1,) * MONTHS
    groups: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        if len(self.quarters) != QUARTERS or len(self.months) != MONTHS:
            raise ValueError("four weights for the quarters and twelve for the months")
        levels = [self.quarters, [weight for _group, weight in self.groups] or [1]]
        levels += [self.of_quarter(q) for q in range(QUARTERS) if self.quarters[q]]
        if any(min(level) < 0 or not any(level) for level in levels):
            raise ValueError("weights may not be negative, and one of each level must be positive")

    def of_quarter(self, quarter: int) -> tuple[int, ...]:
        """The weights of the three months of a quarter, counted from 0."""
        return self.months[quarter * 3 : quarter * 3 + 3]


@dataclass(frozen=True)
class Part:
    """An amount for a period and, at the lowest level, a goods group; '' means all goods."""

    period: Period
    group: str
    amount_fen: int


@dataclass(frozen=True)
class Plan:
    """All levels of a year: each is in order and sums to `total_fen`."""

    year: int
    total_fen: int
    quarters: tuple[Part, ...]
    months: tuple[Part, ...]
    groups: tuple[Part, ...]

    def below(self, quarter: Part) -> Iterator[Part]:
        """The months of a quarter."""
        return (m for m in self.months if quarter.period.contains(m.period.start))

    def goods(self, month: Part) -> Iterator[Part]:
        """The parts of a month by goods group."""
        return (g for g in self.groups if g.period == month.period)

    def targets(self, level: str) -> tuple[Target, ...]:
        """The plan as targets of an agreement: by "quarter", "month" or "group" (of a quarter)."""
        if level == "group":
            return tuple(self._groups_of_quarters())
        parts = self.quarters if level == "quarter" else self.months
        return tuple(Target(p.period, frozenset(), p.amount_fen) for p in parts if p.amount_fen)

    def _groups_of_quarters(self) -> Iterator[Target]:
        for quarter in self.quarters:
            sums: dict[str, int] = {}
            for part in self.groups:
                if quarter.period.contains(part.period.start):
                    sums[part.group] = sums.get(part.group, 0) + part.amount_fen
            for group, fen in sums.items():
                if fen:
                    yield Target(quarter.period, frozenset({group}), fen)


def build(year: int, total_fen: int, weights: Weights) -> Plan:
    """Share the year's amount out over quarters, months and groups; every level sums exactly."""
    quarters, months, groups = [], [], []
    for q, amount in enumerate(split(total_fen, weights.quarters)):
        quarters.append(Part(Period.quarter(year, q + 1), "", amount))
        of_quarter = weights.of_quarter(q)
        shares = split(amount, of_quarter) if any(of_quarter) else [0, 0, 0]
        for m, part in enumerate(shares):
            month = Period.month(year, q * 3 + m + 1)
            months.append(Part(month, "", part))
            if weights.groups:
                goods = split(part, [weight for _group, weight in weights.groups])
                for (group, _weight), fen in zip(weights.groups, goods, strict=True):
                    groups.append(Part(month, group, fen))
    return Plan(year, total_fen, tuple(quarters), tuple(months), tuple(groups))


def growth(new_fen: int, base_fen: int) -> Rate | None:
    """By how much the new amount passes the base, to a tenth of a percent; None without a base."""
    if base_fen <= 0:
        return None
    tenths = divide_half_up((new_fen - base_fen) * 1000, base_fen)
    return Rate(EXACT.scaleb(Decimal(tenths), -3))


def average(rates: Sequence[Rate]) -> Rate | None:
    """The plain mean, to a tenth of a percent: each peer counts the same. None of none."""
    if not rates:
        return None
    tenths = sum(int(EXACT.scaleb(r.fraction, 3)) for r in rates)
    return Rate(EXACT.scaleb(Decimal(divide_half_up(tenths, len(rates))), -3))


def check_growth(asked: Rate | None, peers: Sequence[Rate], bound: Rate) -> list[Finding]:
    """Whether the target asks for more than the bound beyond the peers' mean.

    `target.unreasonable` (facts growth, peers, bound, beyond); `target.no_history` where there is
    no base to grow from. Without peers the growth is held against standing still. Equality passes.
    """
    if asked is None:
        return [info("target.no_history")]
    mean = average(peers) or Rate(Decimal(0))
    beyond = Rate(asked.fraction - mean.fraction)
    if beyond <= bound:
        return []
    return [
        warn(
            "target.unreasonable",
            growth=asked,
            peers=mean,
            bound=bound,
            beyond=beyond,
            count=len(peers),
        )
    ]


def to_json(weights: Weights) -> dict[str, Any]:
    return {
        "quarters": list(weights.quarters),
        "months": list(weights.months),
        "groups": [list(pair) for pair in weights.groups],
    }


def from_json(stored: Mapping[str, Any]) -> Weights:
    return Weights(
        tuple(stored["quarters"]),
        tuple(stored["months"]),
        tuple((group, weight) for group, weight in stored["groups"]),
    )
