"""What printed statements rest on, read for many at once: base lines, reports, what was granted
before, the agreement by which each distributor is enrolled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.documents.model import BaseLine, ReportFiled
from channel.documents.parts import EarlierStatement
from channel.models.agreements import Agreement, AgreementVersion, PolicyEnrolment
from channel.models.catalogue import ProductGroup
from channel.models.rebates import RebateRun, RebateStatement
from channel.queries import rebates_seen, stock_filing
from channel.queries.rebates_enrolled import spans_from_json
from channel.queries.rebates_rows import settled_by
from channel.queries.rebates_settling import Settling
from channel.queries.rebates_sums import (
    GroupSum,
    counting,
    group_sums,
    part_names,
    with_quantity,
)
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period


def by_settling(
    statements: Sequence[RebateStatement],
) -> Iterator[tuple[Settling, list[RebateStatement]]]:
    """The statements of each policy and period."""
    found: dict[tuple[int, date], list[RebateStatement]] = defaultdict(list)
    for s in statements:
        found[s.policy_id, s.period_start].append(s)
    for own in found.values():
        yield settled_by(own[0]), own


def base_lines(run: RebateRun, statements: Sequence[RebateStatement]) -> dict[int, list[BaseLine]]:
    """The base of some statements by month, product group and part, in one or two reads a policy
    and period.

    Who was enrolled for part of the period only is read by day and cut to those days.
    """
    names = {
        group_id: f"{code} {name}" if name != code else code
        for group_id, code, name in db.session.execute(
            sa.select(ProductGroup.id, ProductGroup.code, ProductGroup.name)
        )
    }
    found: dict[int, list[BaseLine]] = {}
    for settled, own in by_settling(statements):
        asked = counting(
            settled.terms, settled.counted, rebates_seen.of_run(run), settled.period.start
        )
        all_the_time = sorted({s.distributor_id for s in own if s.spans is None})
        whole = group_sums(asked, all_the_time) if all_the_time else {}
        partly = sorted({s.distributor_id for s in own if s.spans is not None})
        by_day = group_sums(asked, partly, by_day=True) if partly else {}
        ids = {part.part_id for sums in (whole, by_day) for own in sums.values() for part in own}
        codes = part_names(settled.terms, ids)
        for s in own:
            key = (s.distributor_id, s.currency)
            spans = spans_from_json(s.spans)
            parts = whole.get(key, [])
            if spans is not None:
                parts = [
                    part
                    for part in by_day.get(key, [])
                    if any(start <= part.on < end for start, end in spans)
                ]
            found[s.id] = _by_month(parts, names, codes, settled.terms)
    return found


def reports_filed(statements: Sequence[RebateStatement], on: date) -> dict[int, list[ReportFiled]]:
    """The inventory reports of each statement's period as they stood on the day of posting."""
    found: dict[int, list[ReportFiled]] = {}
    by_period: dict[Period, list[RebateStatement]] = defaultdict(list)
    for s in statements:
        by_period[Period(s.period_start, s.period_end)].append(s)
    for period, own in by_period.items():
        filed = stock_filing.on_time_of({s.distributor_id for s in own}, period, on)
        for s in own:
            if s.distributor_id in filed:
                found[s.id] = [
                    ReportFiled(
                        period=m.period.label,
                        due=m.due.isoformat(),
                        filed=m.filed.isoformat() if m.filed else None,
                        late_days=m.late_days,
                    )
                    for m in filed[s.distributor_id].months
                ]
    return found


def earlier_statements(
    statements: Sequence[RebateStatement],
) -> dict[int, list[EarlierStatement]]:
    """The posted statements behind «granted before» of those that have any; one read a policy
    and period."""
    found: dict[int, list[EarlierStatement]] = {}
    for settled, own in by_settling([s for s in statements if s.granted_before_fen or s.reasons]):
        by_owner = {(s.distributor_id, s.currency): s.id for s in own}
        one, run = RebateStatement, RebateRun
        rows = db.session.execute(
            sa.select(one.distributor_id, one.currency, one.number, run.posted_at, one.amount_fen)
            .join(run, run.id == one.run_id)
            .where(
                run.state == "posted",
                one.number.is_not(None),
                one.policy_code == settled.policy.code,
                one.period_start >= settled.counted.start,
                one.period_end <= settled.period.end,
                one.run_id < own[0].run_id,
                one.distributor_id.in_({s.distributor_id for s in own}),
            )
            .order_by(one.number)
        )
        for owner, currency, number, at, fen in rows:
            if (owner, currency) in by_owner:
                found.setdefault(by_owner[owner, currency], []).append(
                    EarlierStatement(
                        number=number, date=clock.date_of(at).isoformat(), amount_fen=fen
                    )
                )
    return found


def _by_month(
    parts: Sequence[GroupSum],
    names: dict[int, str],
    codes: dict[int | None, str],
    terms: RebateTerms,
) -> list[BaseLine]:
    months: dict[tuple[str, str, str], list[GroupSum]] = defaultdict(list)
    for part in parts:
        code = codes.get(part.part_id, "")
        months[f"{part.on:%Y-%m}", names[part.group_id], code].append(part)
    found = []
    for (month, group, code), own in sorted(months.items()):
        line = BaseLine(
            month=month,
            group=group,
            line_count=sum(p.lines for p in own),
            invoiced_e4=sum(p.invoiced_e4 for p in own),
            returned_e4=sum(p.returned_e4 for p in own),
            net_e4=sum(p.invoiced_e4 - p.returned_e4 for p in own),
        )
        if with_quantity(terms):
            line["quantity"] = sum(p.quantity for p in own)
        if code:
            line["part"] = code
        found.append(line)
    return found


def contract_numbers(statements: Sequence[RebateStatement]) -> dict[int, str]:
    """statement → the agreement by which its distributor is enrolled, the newest in the period."""
    enrolled = [s for s in statements if s.policy.enrols == "agreement"]
    if not enrolled:
        return {}
    rows = db.session.execute(
        sa.select(
            PolicyEnrolment.policy_code,
            PolicyEnrolment.distributor_id,
            PolicyEnrolment.valid_from,
            PolicyEnrolment.valid_to,
            Agreement.number,
        )
        .join(AgreementVersion, AgreementVersion.id == PolicyEnrolment.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            PolicyEnrolment.policy_code.in_(sorted({s.policy_code for s in enrolled})),
            PolicyEnrolment.valid_from < max(s.period_end for s in enrolled),
            PolicyEnrolment.valid_to > min(s.period_start for s in enrolled),
        )
        .order_by(PolicyEnrolment.valid_from, PolicyEnrolment.id)
    )
    spans: dict[tuple[str, int], list[tuple[date, date, str]]] = defaultdict(list)
    for code, owner, start, end, number in rows:
        spans[code, owner].append((start, end, number))
    return {
        s.id: number
        for s in enrolled
        for start, end, number in spans[s.policy_code, s.distributor_id]
        if start < s.period_end and end > s.period_start
    }
