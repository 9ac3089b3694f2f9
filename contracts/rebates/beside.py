"""A policy beside the others of the house: lines paid twice, names that nobody bears.

Two policies may pay the same lines; then one of them should say how they stand to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contracts.rebates.model import RebateTerms
from contracts.values.findings import Finding, block, warn


def check_beside(
    terms: RebateTerms, others: Sequence[RebateTerms], group_of: Mapping[str, str]
) -> Iterator[Finding]:
    """Findings on the terms beside the other policies, one version of each.

    `group_of` gives the group of every product, so that a policy on one product is seen to be
    another than one on another group.
    """
    by_code = {other.code: other for other in others if other.code != terms.code}
    named = terms.reduced_by | terms.not_with | terms.stacks_with
    if terms.code in named:
        yield block("rebate.names_itself", terms.code)
    unknown = sorted(named - by_code.keys() - {terms.code})
    if unknown:
        yield block("rebate.unknown_policy", terms.code, policies=tuple(unknown))
    both = sorted(terms.reduced_by & terms.not_with)
    if both:
        yield warn("rebate.reduced_and_excluded", terms.code, policies=tuple(both))
    for code, other in sorted(by_code.items()):
        if code in terms.reduced_by and other.period_kind != terms.period_kind:
            yield warn(
                "rebate.other_period",
                terms.code,
                policy=code,
                theirs=other.period_kind,
                settle=terms.period_kind,
            )
    twice = tuple(
        code
        for code, other in sorted(by_code.items())
        if not stands_to(terms, other) and pays_same_lines(terms, other, group_of)
    )
    if twice:
        yield warn("rebate.pays_same_lines", terms.code, policies=twice)


def stands_to(one: RebateTerms, two: RebateTerms) -> bool:
    """Whether it is said how the two stand: either names the other, or is a bundle."""
    if one.bundle or two.bundle:
        return True
    return (
        two.code in one.reduced_by | one.not_with or one.code in two.reduced_by | two.not_with
    )  # fmt: skip


def comes_first(bundle: RebateTerms, terms: RebateTerms) -> bool:
    """Whether what this bundle counts does not count again under the terms."""
    if not bundle.bundle or bundle.code == terms.code or terms.code in bundle.stacks_with:
        return False
    if bundle.code in terms.reduced_by or terms.code in bundle.not_with:
        return False
    return not terms.bundle or bundle.code < terms.code


def pays_same_lines(one: RebateTerms, two: RebateTerms, group_of: Mapping[str, str]) -> bool:
    """Whether an invoice line could count for both; territories below one another count as both.

    Lines are told apart by goods and place only: amounts, periods and enrolment can change.
    """
    groups = set(group_of.values())
    if groups:
        counted = [_products(terms, group_of) for terms in (one, two)]
        if not counted[0] & counted[1]:
            return False
    elif one.goods and two.goods and not (one.goods - two.goods_out) & (two.goods - one.goods_out):
        return False
    if not one.territories or not two.territories:
        return True
    return any(
        _within(inner, outer) or _within(outer, inner)
        for inner in one.territories
        for outer in two.territories
    )


def _products(terms: RebateTerms, group_of: Mapping[str, str]) -> set[str]:
    return {
        product
        for product, group in group_of.items()
        if terms.counts(group)
        and (not terms.products or product in terms.products)
        and product not in terms.products_out
    }


def _within(inner: str, outer: str) -> bool:
    """Whether a division lies in another, by their GB/T 2260 codes: 511083 in 511000 in 510000."""
    return inner.startswith(outer.removesuffix("00").removesuffix("00"))
