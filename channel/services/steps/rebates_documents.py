"""What a posted statement prints, frozen: names, base lines, tiers, steps, pool.

The figures come from the statement's own row and from the lines that its run saw, so that the
printed parts re-add to what was posted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from channel.documents.model import (
    BaseLine,
    Party,
    Policy,
    RebateStatementDoc,
    ReportFiled,
    TierRow,
    check_figures,
    document_hash,
)
from channel.documents.parts import EarlierStatement, TakenOff, TrueUp
from channel.models.partners import Maker
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.queries.rebates_policies import terms_of
from channel.queries.rebates_replies import ReplyRule
from channel.services.steps.rebates_edition import edition_of
from channel.services.steps.rebates_pool_paper import PoolPapers
from channel.services.steps.rebates_stacked import Given, taken_off
from channel.services.steps.rebates_tax import Rates
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
    maker: Maker
    signatures: Signatures
    posted_on: str
    #: statement → agreement number
    contracts: dict[int, str]
    pool: PoolPapers
    #: distributor → by when it objects, and what its silence means
    replies: dict[int, ReplyRule] = field(default_factory=dict)
    terms: dict[int, RebateTerms] = field(default_factory=dict)
    #: VAT rates of the goods; None: no tax is split
    rates: Rates | None = None
    #: what every statement of the run earns, for those that are reduced by it
    given: dict[Given, TakenOff] = field(default_factory=dict)
    #: product and product group codes → names, read when a policy first has parts
    names: dict[str, str] = field(default_factory=dict)
    #: statement → printed base lines
    lines: dict[int, list[BaseLine]] = field(default_factory=dict)
    #: statement → the inventory reports of its period
    reports: dict[int, list[ReportFiled]] = field(default_factory=dict)
    #: statement → posted statements that are part of «granted before»
    earlier: dict[int, list[EarlierStatement]] = field(default_factory=dict)


def document(papers: Papers, statement: RebateStatement, number: str) -> RebateStatementDoc:
    """Everything that is printed; moves the pool on by the statement's amount.

    Raises StatementInconsistentError when the parts do not re-add: then nothing is posted.
    """
    policy = statement.policy
    terms = papers.terms.get(policy.id)
    if terms is None:
        terms = papers.terms[policy.id] = terms_of(policy)
    reply = papers.replies[statement.distributor_id]
    period = Period(statement.period_start, statement.period_end)
    rungs = ladder(terms, Figures(base_e4=statement.base_e4))
    above = next((rung for rung in rungs if rung.lower > _units(statement.base_fen)), None)
    made = RebateStatementDoc(
        number=number,
        date=papers.posted_on,
        run=papers.run.number,
        period_start=period.start.isoformat(),
        period_end=period.end.isoformat(),
        period_label=period.label,
        currency=statement.currency,
        maker=_maker(papers.maker),
        distributor=_party(statement),
        policy=_policy(policy, terms, papers.contracts.get(statement.id, "")),
        base_lines=papers.lines[statement.id],
        base_e4=statement.base_e4,
        base_fen=statement.base_fen,
        tiers=[tier_row(rung) for rung in rungs],
        to_next=str(above.lower - _units(statement.base_fen)) if above else None,
        conditions=[],
        reports=papers.reports.get(statement.id, []),
        steps=statement.steps,
        entitlement_fen=statement.entitlement_fen,
        granted_before_fen=statement.granted_before_fen,
        amount_fen=statement.amount_fen,
        tax=papers.rates.tax_of(statement, papers.lines[statement.id]) if papers.rates else None,
        pool=papers.pool.printed(statement),
        objection_days=reply.days,
        objection_until=reply.until(date.fromisoformat(papers.posted_on)).isoformat(),
        silence=reply.silence,
        prepared_by=papers.signatures.prepared_by,
        reviewed_by=papers.signatures.reviewed_by,
        approved_by=papers.signatures.approved_by,
    )
    if statement.reasons is not None:
        made["true_up"] = TrueUp(
            period_label=period.label,
            earlier=papers.earlier.get(statement.id, []),
            reasons=statement.reasons["reasons"],
            refs=statement.reasons["refs"],
        )
    made.update(edition_of(statement, terms, number, papers.names))  # type: ignore[typeddict-item]
    if parts := made.get("parts"):
        made["to_next"] = parts[0]["to_next"] if len(parts) == 1 else None
    if off := taken_off(papers.given, statement, terms):
        made["taken_off"] = off
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
