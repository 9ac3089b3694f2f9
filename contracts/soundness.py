"""Whether the clauses of a version agree with each other: sums, reviews, days, groups.

`agreement.check_complete` says what is missing; this says what contradicts itself. Each finding
names the clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contracts.agreement import Terms
from contracts.clauses import ResaleClause
from contracts.targets import Target
from contracts.values.findings import Finding, block, warn
from contracts.values.money import Money
from contracts.values.periods import Period


def check_sound(terms: Terms, span: Period, currency: str = "CNY") -> list[Finding]:
    """All contradictions within the terms of one version."""
    return [
        *check_resale(terms.resale),
        *_sums(terms.targets, currency),
        *_groups(terms.targets, currency),
        *_mix(terms),
        *_obligations(terms, span),
        *_exchange(terms),
    ]


def check_resale(clause: ResaleClause) -> list[Finding]:
    """A fixed resale price needs a named reviewer and a reason."""
    if clause.kind == "suggested" or (clause.reviewer.strip() and clause.reason.strip()):
        return []
    return [block("resale.not_reviewed", "price")]


def _sums(targets: Iterable[Target], currency: str) -> Iterator[Finding]:
    """A target whose parts cover it day by day must be their sum; of the same goods only."""
    known = list(targets)
    for whole in known:
        inside = [
            t
            for t in known
            if t is not whole
            and t.goods == whole.goods
            and t.period != whole.period
            and whole.period.start <= t.period.start
            and t.period.end <= whole.period.end
        ]
        # Of nested parts the largest: quarters re-add to the year, months to their quarter.
        parts = [
            t
            for t in inside
            if not any(
                o.period != t.period
                and o.period.start <= t.period.start
                and t.period.end <= o.period.end
                for o in inside
            )
        ]
        if sum(t.period.days for t in parts) != whole.period.days:
            continue
        total = sum(t.amount_fen for t in parts)
        if total != whole.amount_fen:
            yield block(
                "agreement.targets_sum",
                "targets",
                period=whole.period.label,
                target=Money.from_fen(whole.amount_fen, currency),
                parts=Money.from_fen(total, currency),
                difference=Money.from_fen(total - whole.amount_fen, currency),
            )


def _groups(targets: Iterable[Target], currency: str) -> Iterator[Finding]:
    """Targets of single groups must fit into the target of all goods of the same period."""
    known = list(targets)
    for whole in known:
        if whole.goods:
            continue
        parts = [t for t in known if t.goods and t.period == whole.period]
        total = sum(t.amount_fen for t in parts)
        if total > whole.amount_fen:
            yield warn(
                "agreement.groups_exceed",
                "targets",
                period=whole.period.label,
                target=Money.from_fen(whole.amount_fen, currency),
                parts=Money.from_fen(total, currency),
            )


def _mix(terms: Terms) -> Iterator[Finding]:
    """Shares of one kind of period may not exceed the whole; a group must be one of the goods."""
    for kind in sorted({rule.period_kind for rule in terms.mix}):
        shares = [rule.share.fraction for rule in terms.mix if rule.period_kind == kind]
        if sum(shares) > 1:
            yield block("agreement.mix_exceeds", "targets", groups=len(shares))
    for rule in terms.mix:
        if terms.goods and rule.group not in terms.goods:
            yield block("agreement.mix_outside", "targets", group=rule.group)


def _obligations(terms: Terms, span: Period) -> Iterator[Finding]:
    for one in terms.obligations:
        if one.due < span.start:
            yield warn("agreement.obligation_past", "other", text=one.text, due=one.due)


def _exchange(terms: Terms) -> Iterator[Finding]:
    """A buy-out takes nothing back; one that does is unusual."""
    days = terms.duties.exchange_window_days
    if terms.kind == "buyout" and days:
        yield warn("agreement.buyout_exchange", "exchange", days=days)
