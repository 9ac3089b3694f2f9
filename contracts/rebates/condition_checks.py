"""Whether the conditions of a policy can be read one way, and can be met at all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from contracts.rebates.model import Condition, ConditionKind, RebateTerms
from contracts.rebates.units import condition_bound, condition_unit
from contracts.values.findings import Fact, Finding, block, warn

ONE = Decimal(1)
#: Kinds of which more is better; of all others none is best.
_MORE_IS_BETTER: frozenset[ConditionKind] = frozenset({"attainment", "mix", "exclusivity"})
#: The most that can be found, where there is a most.
_MOST: dict[ConditionKind, Decimal] = {"exclusivity": ONE}


def check_conditions(terms: RebateTerms) -> Iterator[Finding]:
    """Findings on every condition; the kind stands in the fact `condition`."""
    seen: set[ConditionKind] = set()
    for condition in terms.conditions:
        if condition.kind in seen:
            yield block("rebate.condition_twice", terms.code, condition=condition.kind)
        seen.add(condition.kind)
        refusals = list(_unreadable(terms, condition))
        yield from refusals or _surprising(terms, condition)


def _unreadable(terms: RebateTerms, condition: Condition) -> Iterator[Finding]:
    kind: dict[str, Fact] = {"condition": condition.kind}
    if not condition.steps:
        yield block("rebate.condition_no_steps", terms.code, **kind)
        return
    if any(before.lower >= step.lower for before, step in pairwise(condition.steps)):
        yield block("rebate.condition_not_ascending", terms.code, **kind)
    for step in condition.steps:
        if step.factor.fraction < 0:
            yield block("rebate.condition_negative", terms.code, factor=step.factor, **kind)
    most = _MOST.get(condition.kind)
    reachable = [step for step in condition.steps if most is None or step.lower <= most]
    if all(step.factor.fraction == 0 for step in reachable):
        yield block("rebate.condition_never_pays", terms.code, **kind)


def _surprising(terms: RebateTerms, condition: Condition) -> Iterator[Finding]:
    """Idle steps, factors over 100 %, and factors that reward what is worse."""
    kind: dict[str, Fact] = {
        "condition": condition.kind,
        "case_unit": condition_unit(condition.kind),
    }
    first = condition.steps[0]
    factors = [step.factor.fraction for step in condition.steps]
    if condition.kind not in _MORE_IS_BETTER and first.lower > 0:
        lower = condition_bound(condition, first.lower)
        yield warn("rebate.condition_best_lost", terms.code, lower=lower, **kind)
    if first.lower <= 0 and set(factors) == {ONE}:
        yield warn("rebate.condition_idle", terms.code, **kind)
        return
    for before, step in pairwise(condition.steps):
        place: dict[str, Fact] = {"lower": condition_bound(condition, step.lower)}
        if step.factor == before.factor:
            yield warn("rebate.condition_step_idle", terms.code, **place, **kind)
            continue
        rises = step.factor > before.factor
        if rises != (condition.kind in _MORE_IS_BETTER):
            yield warn(
                "rebate.condition_rewards_worse",
                terms.code,
                before=before.factor,
                factor=step.factor,
                **place,
                **kind,
            )
    if max(factors) > ONE:
        top = max(step.factor for step in condition.steps)
        yield warn("rebate.condition_over_hundred", terms.code, factor=top, **kind)
