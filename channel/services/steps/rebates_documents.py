"""What a posted statement prints, frozen: names, base lines, tiers, steps, pool.

The figures come from the statement's own row and from the lines that its run saw, so that the
printed parts re-add to what was posted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from channel.db import db
from channel.documents.model import (
    BaseLine,
    CaseLine,
    Party,
    Policy,
    Pool,
    RebateStatementDoc,
    ReportFiled,
    TierRow,
    check_figures,
    document_hash,
)
from channel.models.agreements import Agreement, AgreementVersion, PolicyEnrolment
from channel.models.catalogue import ProductGroup
from channel.models.partners import Maker
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.queries import rebates_base as base
from channel.queries import stock_filing
from channel.queries.conduct import Line
from channel.queries.rebates_policies import terms_of
from channel.queries.rebates_replies import ReplyRule
from channel.services.steps.rebates_edition import edition_of
from contracts.rebates.compute import Rung, ladder
from contracts.rebates.figures import Figures
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period


@dataclass(frozen=True)
class Signatures:
    """Who made, checked and approved the run."""

    prepared_by: str
    reviewed_by: str
    approved_by: str


@dataclass
class Papers:
    """What all statements of a run share, read once; `lines` are those of one chunk."""

    run: RebateRun
    period: Period
    maker: Maker
    signatures: Signatures
    posted_on: str
    #: (policy code, distributor) → agreement number
    contracts: dict[tuple[str, int], str]
    #: (distributor, currency) → pool balance, moved on by each statement
    pool: dict[tuple[int, str], int]
    #: (distributor, currency) → lines of cases that no statement shows yet; the next one takes them
    cases: dict[tuple[int, str], list[Line]] = field(default_factory=dict)
    #: (step, statement) of the lines that were taken
    shown: list[tuple[int, int]] = field(default_factory=list)
    #: distributor → by when it objects, and what its silence means
    replies: dict[int, ReplyRule] = field(default_factory=dict)
    terms: dict[int, RebateTerms] = field(default_factory=dict)
    #: product and product group codes → names, read when a policy first has parts
    names: dict[str, str] = field(default_factory=dict)
    #: (policy id, distributor, currency) → printed base lines
    lines: dict[tuple[int, int, str], list[BaseLine]] = field(default_factory=dict)
    #: distributor → its inventory reports of the period
    reports: dict[int, list[ReportFiled]] = field(default_factory=dict)


def base_lines(
    run: RebateRun, period: Period, statements: Sequence[RebateStatement]
) -> dict[tuple[int, int, str], list[BaseLine]]:
    """The base of some statements by month and product group, in one or two reads a policy.

    Who was enrolled for part of the period only is read by day and cut to those days.
    """
    groups = base.group_ids()
    names = {
        group_id: f"{code} {name}" if name != code else code
        for group_id, code, name in db.session.execute(
            sa.select(ProductGroup.id, ProductGroup.code, ProductGroup.name)
        )
    }
    found: dict[tuple[int, int, str], list[BaseLine]] = {}
    for policy in {s.policy_id: s.policy for s in statements}.values():
        own = [s for s in statements if s.policy_id == policy.id]
        terms = terms_of(policy)
        through = run.through_line_id
        all_the_time = sorted({s.distributor_id for s in own if s.spans is None})
        whole = base.group_sums(terms, period, groups, through, all_the_time)
        partly = sorted({s.distributor_id for s in own if s.spans is not None})
        by_day = (
            base.group_sums(terms, period, groups, through, partly, by_day=True) if partly else {}
        )
        for s in own:
            key = (s.distributor_id, s.currency)
            spans = base.spans_from_json(s.spans)
            parts = whole.get(key, [])
            if spans is not None:
                parts = [
                    part
                    for part in by_day.get(key, [])
                    if any(start <= part.on < end for start, end in spans)
                ]
            found[policy.id, *key] = _by_month(parts, names)
    return found


def reports_filed(
    statements: Sequence[RebateStatement], period: Period, on: date
) -> dict[int, list[ReportFiled]]:
    """The inventory reports of the period as they stood on the day of posting."""
    found = stock_filing.on_time_of({s.distributor_id for s in statements}, period, on)
    return {
        owner: [
            ReportFiled(
                period=m.period.label,
                due=m.due.isoformat(),
                filed=m.filed.isoformat() if m.filed else None,
                late_days=m.late_days,
            )
            for m in one.months
        ]
        for owner, one in found.items()
    }


def _by_month(parts: Sequence[base.GroupSum], names: dict[int, str]) -> list[BaseLine]:
    months: dict[tuple[str, str], list[base.GroupSum]] = defaultdict(list)
    for part in parts:
        months[f"{part.on:%Y-%m}", names[part.group_id]].append(part)
    return [
        BaseLine(
            month=month,
            group=group,
            line_count=sum(p.lines for p in own),
            invoiced_e4=sum(p.invoiced_e4 for p in own),
            returned_e4=sum(p.returned_e4 for p in own),
            net_e4=sum(p.invoiced_e4 - p.returned_e4 for p in own),
        )
        for (month, group), own in sorted(months.items())
    ]


def contract_numbers(
    statements: Sequence[RebateStatement], period: Period
) -> dict[tuple[str, int], str]:
    """The agreement by which a distributor is enrolled, the newest in the period."""
    codes = {s.policy_code for s in statements if s.policy.enrols == "agreement"}
    if not codes:
        return {}
    rows = db.session.execute(
        sa.select(PolicyEnrolment.policy_code, PolicyEnrolment.distributor_id, Agreement.number)
        .join(AgreementVersion, AgreementVersion.id == PolicyEnrolment.version_id)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(
            PolicyEnrolment.policy_code.in_(sorted(codes)),
            PolicyEnrolment.valid_from < period.end,
            PolicyEnrolment.valid_to > period.start,
        )
        .order_by(PolicyEnrolment.valid_from, PolicyEnrolment.id)
    )
    return {(code, owner): number for code, owner, number in rows}


def document(papers: Papers, statement: RebateStatement, number: str) -> RebateStatementDoc:
    """Everything that is printed; moves the pool on by the statement's amount.

    Raises StatementInconsistentError when the parts do not re-add: then nothing is posted.
    """
    policy = statement.policy
    terms = papers.terms.get(policy.id)
    if terms is None:
        terms = papers.terms[policy.id] = terms_of(policy)
    owner = (statement.distributor_id, statement.currency)
    cases = papers.cases.pop(owner, [])
    papers.shown += [(line.step_id, statement.id) for line in cases]
    # The lines of cases moved the pool before today; the statement shows how.
    opening = papers.pool.get(owner, 0) - sum(line.fen for line in cases)
    papers.pool[owner] = papers.pool.get(owner, 0) + statement.amount_fen
    reply = papers.replies[statement.distributor_id]
    rungs = ladder(terms, Figures(base_e4=statement.base_e4))
    above = next((rung for rung in rungs if rung.lower > _units(statement.base_fen)), None)
    made = RebateStatementDoc(
        number=number,
        date=papers.posted_on,
        run=papers.run.number,
        period_start=papers.period.start.isoformat(),
        period_end=papers.period.end.isoformat(),
        period_label=papers.period.label,
        currency=statement.currency,
        maker=_maker(papers.maker),
        distributor=_party(statement),
        policy=_policy(policy, terms, papers.contracts.get((policy.code, owner[0]), "")),
        base_lines=papers.lines[policy.id, *owner],
        base_e4=statement.base_e4,
        base_fen=statement.base_fen,
        tiers=[tier_row(rung) for rung in rungs],
        to_next=str(above.lower - _units(statement.base_fen)) if above else None,
        conditions=[],
        reports=papers.reports.get(owner[0], []),
        steps=statement.steps,
        entitlement_fen=statement.entitlement_fen,
        granted_before_fen=statement.granted_before_fen,
        amount_fen=statement.amount_fen,
        tax=None,
        pool=_pool(opening, statement.amount_fen, papers.pool[owner], cases),
        objection_days=reply.days,
        objection_until=reply.until(date.fromisoformat(papers.posted_on)).isoformat(),
        silence=reply.silence,
        prepared_by=papers.signatures.prepared_by,
        reviewed_by=papers.signatures.reviewed_by,
        approved_by=papers.signatures.approved_by,
    )
    made.update(edition_of(statement, terms, number, papers.names))  # type: ignore[typeddict-item]
    check_figures(made)
    return made


def frozen(statement_id: int, document: RebateStatementDoc) -> dict[str, Any]:
    """The columns that posting sets, once and for good."""
    return {
        "id": statement_id,
        "number": document["number"],
        "document": document,
        "document_sha256": document_hash(document),
    }


def _pool(opening_fen: int, earned_fen: int, closing_fen: int, cases: list[Line]) -> Pool:
    """The pool as printed; without lines of cases as it always was."""
    pool = Pool(opening_fen=opening_fen, earned_fen=earned_fen, used_fen=0, closing_fen=closing_fen)
    if cases:
        pool["cases"] = [cast(CaseLine, line.printed()) for line in cases]
    return pool


def _units(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def tier_row(rung: Rung) -> TierRow:
    """A row of the tier table as text."""
    return TierRow(
        number=rung.number,
        lower=_text(rung.lower),
        upper=None if rung.upper is None else _text(rung.upper),
        rate=_text(rung.rate.fraction),
        slice=_text(rung.slice),
        amount=_text(rung.amount),
        hit=rung.hit,
    )


def _text(number: Decimal) -> str:
    return format(number, "f")


def _maker(maker: Maker) -> Party:
    return Party(
        name=maker.name, name_en=maker.name_en, uscc=maker.uscc or "", address=maker.address
    )


def _party(statement: RebateStatement) -> Party:
    distributor = statement.distributor
    return Party(
        name=distributor.name,
        code=distributor.code,
        uscc=distributor.uscc or "",
        address=distributor.address,
    )


def _policy(policy: RebatePolicy, terms: RebateTerms, contract: str) -> Policy:
    return Policy(
        code=policy.code,
        name=policy.name,
        version=policy.version_no,
        method=terms.method.value,
        base_vat=terms.base.vat,
        period_kind=terms.period_kind,
        goods=sorted(terms.goods),
        goods_out=sorted(terms.goods_out),
        terms_hash=policy.terms_hash,
        contract=contract,
    )
