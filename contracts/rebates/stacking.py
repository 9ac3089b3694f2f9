"""In which order the policies of one period are computed, when some reduce the base of others.

A policy comes after all by which it is reduced; where nothing else decides, by code. The order is
declared in the terms and nowhere else, so that the same deals can pay in one way only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.rebates.model import RebateTerms
from contracts.values.findings import Finding, block


@dataclass(frozen=True, slots=True)
class Order:
    """The codes in the order of computing; empty where a finding says why there is none."""

    codes: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def order(policies: Iterable[RebateTerms]) -> Order:
    """The order of computing; policies named but not there reduce nothing."""
    waiting = {terms.code: terms.reduced_by for terms in policies}
    left = {code: by & waiting.keys() for code, by in waiting.items()}
    codes: list[str] = []
    while left:
        free = min((code for code, by in left.items() if not by), default=None)
        if free is None:
            circle = _circle(left)
            finding = block("rebate.reduced_in_circle", circle[0], policies=circle)
            return Order((), (finding,))
        codes.append(free)
        del left[free]
        left = {code: by - {free} for code, by in left.items()}
    return Order(tuple(codes))


def _circle(left: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The policies of one circle, in their order; each waits for the next."""
    path = [min(left)]
    while True:
        following = min(left[path[-1]])
        if following in path:
            circle = path[path.index(following) :]
            lowest = circle.index(min(circle))
            return (*circle[lowest:], *circle[:lowest])
        path.append(following)


def reductions_e4(terms: RebateTerms, granted_fen: Mapping[str, int]) -> int:
    """What is taken off the base: the rebates of the period by policy code, in ten-thousandths."""
    return sum(max(0, granted_fen.get(code, 0)) for code in terms.reduced_by) * 100
