"""Gates and multipliers of a policy: the value found for each, and the share that it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.rebates.figures import Evidence
from contracts.rebates.model import Condition, ConditionKind
from contracts.values.rates import Rate

NOTHING = Rate(Decimal(0))
UNPROVEN = Evidence(None)


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition as it was found: `value` None is proof owed and not brought."""

    kind: ConditionKind
    value: Decimal | None
    factor: Rate
    refs: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the condition takes nothing away."""
        return self.factor.fraction >= 1


def judge(
    conditions: Sequence[Condition], evidence: Mapping[ConditionKind, Evidence]
) -> tuple[Judged, ...]:
    """Every condition with its factor, in the order agreed; each is judged by itself."""
    return tuple(
        _judged(condition, evidence.get(condition.kind, UNPROVEN)) for condition in conditions
    )


def _judged(condition: Condition, found: Evidence) -> Judged:
    factor = NOTHING if found.value is None else factor_at(condition, found.value)
    return Judged(condition.kind, found.value, factor, found.refs)


def factor_at(condition: Condition, value: Decimal) -> Rate:
    """The factor of the last step not above the value; below the first, nothing is left."""
    reached = [step for step in condition.steps if step.lower <= value]
    return max(reached, key=lambda step: step.lower).factor if reached else NOTHING
