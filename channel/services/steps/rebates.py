"""Steps of a rebate run: the input frozen, what is due, and its statements computed in order.

Everything is set-based: the number of SQL statements grows with the policies and periods, never
with the distributors or the invoices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.audit import NumberSeries
from channel.models.exchanges import ExchangePosting
from channel.models.orders import Shipment
from channel.models.rebates import RebateRun
from channel.models.receivables import Allocation, DiscountTaken, InvoiceLine
from channel.queries import rebates_changed, rebates_granted, rebates_seen
from channel.queries.rebates_enrolled import spans_to_json
from channel.queries.rebates_facts import Gathered, gather
from channel.queries.rebates_granted import NOTHING, Granted
from channel.queries.rebates_policies import ruling
from channel.queries.rebates_seen import Seen
from channel.queries.rebates_settling import Settling, has_own_cap, settling, with_cap_on
from channel.queries.rebates_sums import Owner
from channel.services.work import Refused, Work
from contracts.rebates import stacking
from contracts.rebates.compute import compute, steps_to_json
from contracts.rebates.figures import facts_to_json
from contracts.rebates.model import RebateTerms
from contracts.values.money import fen_from_e4
from contracts.values.periods import Period


@dataclass(frozen=True)
class Task:
    """A policy and period that a run computes; `since`: what runs before have seen of it."""

    settled: Settling
    since: Seen | None = None


@dataclass
class Ledger:
    """What this run gives so far, of the policies that later ones look at."""

    #: code → (owner, period) → fen
    given: dict[str, dict[tuple[Owner, Period], int]] = field(default_factory=dict)

    def add(self, code: str, owner: Owner, period: Period, fen: int) -> None:
        if code in self.given:
            own = self.given[code]
            own[owner, period] = own.get((owner, period), 0) + fen

    def within(self, code: str, window: Period) -> Iterator[tuple[Owner, Period, int]]:
        """What was given for periods that lie in the window."""
        for (owner, period), fen in self.given.get(code, {}).items():
            if window.start <= period.start and period.end <= window.end:
                yield owner, period, fen


def freeze(w: Work) -> Seen:
    """Keep new facts out until the end of the transaction; gives the marks up to which it looks.

    Line ids are drawn before their transaction commits, so without the lock a line below the
    highest visible id could still appear. On SQLite the transaction excludes writers already.
    Tables are locked in the order in which a posting writes them: shipment, lines, money.
    """
    if w.session.get_bind().dialect.name == "postgresql":
        tables = (Shipment, InvoiceLine, Allocation, DiscountTaken, ExchangePosting)
        names = ", ".join(table.__tablename__ for table in tables)
        w.session.execute(sa.text(f"LOCK TABLE {names} IN SHARE MODE"))
    return rebates_seen.newest()


def tasks_of(period: Period) -> list[Task]:
    """What a run of the period computes: its own policies, and settled periods with news.

    Earlier periods come first, shorter ones before those that they are part of, and within a
    period the policies in their declared order. Refused where policies reduce each other.
    """
    since = rebates_changed.seen_of(period)
    tasks = [Task(settling(policy, period), since) for policy in ruling(period)]
    if tasks:
        tasks += [Task(again.settled, again.seen) for again in rebates_changed.due(period)]
    places: dict[Period, dict[str, int]] = {}
    for one in {task.settled.period for task in tasks}:
        terms = [task.settled.terms for task in tasks if task.settled.period == one]
        ordered = stacking.order(terms)
        if ordered.findings:
            raise Refused(list(ordered.findings))
        places[one] = {code: at for at, code in enumerate(ordered.codes)}

    def key(task: Task) -> tuple[date, int, int]:
        own = task.settled.period
        return own.end, own.days, places[own][task.settled.policy.code]

    return sorted(tasks, key=key)


def ledger_for(tasks: Sequence[Task]) -> Ledger:
    """Keeps what reduces another policy, or is added up over several periods."""
    wanted = {code for task in tasks for code in task.settled.terms.reduced_by}
    wanted |= {t.settled.policy.code for t in tasks if t.settled.counted != t.settled.period}
    return Ledger({code: {} for code in wanted})


def granted_before(settled: Settling, ledger: Ledger) -> dict[Owner, Granted]:
    """What was granted of all that the entitlement is for, by posted statements and this run."""
    code, period = settled.policy.code, settled.period
    found = rebates_granted.granted_so_far(code, settled.counted, period)
    for owner, earlier, fen in ledger.within(code, settled.counted):
        before = found.get(owner, NOTHING)
        is_earlier = earlier.end < period.end
        found[owner] = replace(
            before,
            fen=before.fen + fen,
            earlier_fen=before.earlier_fen + (fen if is_earlier else 0),
        )
    return found


def reductions(settled: Settling, ledger: Ledger) -> dict[Owner, int]:
    """What other policies gave in the days that count, in ten-thousandths, by owner."""
    codes = settled.terms.reduced_by
    if not codes:
        return {}
    by_owner: dict[Owner, dict[str, int]] = {}
    posted = rebates_granted.granted(settled.counted, codes)
    for (code, owner, currency), fen in posted.items():
        by_owner.setdefault((owner, currency), {})[code] = fen
    for code in codes:
        for who, _period, fen in ledger.within(code, settled.counted):
            own = by_owner.setdefault(who, {})
            own[code] = own.get(code, 0) + fen
    terms = settled.terms
    return {owner: stacking.reductions_e4(terms, fen) for owner, fen in by_owner.items()}


def as_settled(terms: RebateTerms, settled: Settling, earlier_fen: int) -> RebateTerms:
    """The terms for one statement: where the tier pays on all so far, the cap of this period lies
    on top of what the periods before were granted."""
    return with_cap_on(terms, earlier_fen) if has_own_cap(settled) else terms


@dataclass
class Computed:
    """The statements of one task as rows, one by one, and the hash over all they rest on."""

    run: RebateRun
    task: Task
    found: Gathered
    before: Mapping[Owner, Granted]
    ledger: Ledger
    digest: Any

    def rows(self) -> Iterator[dict[str, Any]]:
        """Entitlement so far less granted before.

        Who was granted something and has no base any more is computed on nothing, so that it is
        taken back. Where a posted statement exists and nothing changed, there is no row.
        """
        settled = self.task.settled
        for owner in sorted(self.found.own.keys() | self.before.keys()):
            row = self._row(owner)
            before = self.before.get(owner, NOTHING)
            if before.is_settled and row["amount_fen"] == 0:
                continue
            if not before.is_settled and owner not in self.found.own and not row["amount_fen"]:
                continue
            self.ledger.add(settled.policy.code, owner, settled.period, row["amount_fen"])
            yield row

    def _row(self, owner: Owner) -> dict[str, Any]:
        settled, before = self.task.settled, self.before.get(owner, NOTHING)
        policy, base = settled.policy, self.found.base_of(owner)
        facts = self.found.of(owner)
        terms = as_settled(settled.terms, settled, before.earlier_fen)
        result = compute(terms, facts, owner[1])
        stored = facts_to_json(facts)
        if has_own_cap(settled):
            stored["earlier_fen"] = before.earlier_fen
        self.digest.update(repr((owner, base.lines, before.fen, stored)).encode())
        return {
            "run_id": self.run.id,
            "distributor_id": owner[0],
            "policy_id": policy.id,
            "policy_code": policy.code,
            "currency": owner[1],
            "spans": spans_to_json(self.found.spans_of(owner)),
            "base_e4": base.e4,
            "line_count": base.lines,
            "base_fen": fen_from_e4(base.e4),
            "tier_hit": result.tier_hit,
            "entitlement_fen": result.entitlement_fen,
            "granted_before_fen": before.fen,
            "amount_fen": result.entitlement_fen - before.fen,
            "steps": steps_to_json(result.steps),
            "period_start": settled.period.start,
            "period_end": settled.period.end,
            "facts": stored,
            "reasons": None,
        }


def computed(run: RebateRun, task: Task, ledger: Ledger, on: date, digest: Any) -> Computed:
    """Read the facts of a task and get ready to compute its statements."""
    settled = task.settled
    before = granted_before(settled, ledger)
    found = gather(settled, on, more=before.keys(), reduced=reductions(settled, ledger))
    policy = settled.policy
    head = [settled.period.label, policy.code, policy.version_no, policy.terms_hash, policy.enrols]
    digest.update(json.dumps(head, ensure_ascii=False).encode())
    return Computed(run, task, found, before, ledger, digest)


def digest_of(period: Period) -> Any:
    """SHA-256 over the period, the policies' texts, the facts and what was granted before."""
    return hashlib.sha256(period.label.encode())


def draw_many(w: Work, prefix: str, on: date, count: int) -> list[str]:
    """The next numbers of a series, in one go; without gaps, because a rollback returns them.

    Drawing also makes postings wait for each other, since the series is one row.
    """
    if count == 0:
        return []
    series = f"{prefix}-{on.year}"
    first = w.number(series)
    w.session.execute(
        sa.update(NumberSeries)
        .where(NumberSeries.name == series)
        .values(value=NumberSeries.value + (count - 1))
    )
    return [f"{series}-{number:06d}" for number in range(first, first + count)]
