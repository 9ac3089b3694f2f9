"""Levels that the house keeps closed, caps on contracts of an area, and openings by exception.

An approved opening lets a contract pass while it covers the whole of the contract's days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.outcomes import WaiverEnd
from channel.queries import caps as cap_reads
from channel.queries import partners, territories
from contracts.agreement import Terms
from contracts.caps import Holding, check_caps
from contracts.territory import lies_in
from contracts.values.findings import Finding, Severity
from contracts.values.periods import Period


@dataclass(frozen=True)
class Opening:
    """An approved opening of a division for one distributor; `valid` is when it holds."""

    division: str
    valid: Period
    number: str

    def covers(self, code: str, span: Period, tree: dict[str, str | None]) -> bool:
        whole = self.valid.start <= span.start and span.end <= self.valid.end
        return whole and lies_in(code, self.division, tree)


def openings(distributor_id: int) -> list[Opening]:
    """The approved openings of a distributor, each for its days."""
    rows = db.session.execute(
        sa.select(Waiver, WaiverEnd.ends_on, ExceptionRequest.number)
        .join(ExceptionRequest, ExceptionRequest.id == Waiver.request_id)
        .outerjoin(WaiverEnd, WaiverEnd.waiver_id == Waiver.id)
        .where(Waiver.distributor_id == distributor_id, Waiver.type == "level")
        .order_by(Waiver.id)
    )
    found = []
    for waiver, ends_on, number in rows:
        end = min(waiver.valid_to, ends_on) if ends_on else waiver.valid_to
        if end > waiver.valid_from:
            found.append(
                Opening(waiver.division_code or "", Period(waiver.valid_from, end), number)
            )
    return found


def check_market(version: AgreementVersion, terms: Terms, span: Period) -> list[Finding]:
    """Closed levels (D05) and full areas (G01), let pass by approved openings."""
    agreement, on = version.agreement, version.valid_from
    codes = sorted(terms.territory.includes)
    if not codes:
        return []
    opened = openings(agreement.distributor_id)
    tree = territories.ancestors({*codes, *(o.division for o in opened)}, on)
    findings = _check_levels(codes, span, opened, tree)
    findings += _check_caps(agreement, codes, span, opened)
    return findings


def _check_levels(
    codes: Sequence[str], span: Period, opened: Sequence[Opening], tree: dict[str, str | None]
) -> list[Finding]:
    """A level that the house keeps closed is opened by exception only, for the whole span."""
    allowed = set(partners.get_maker().levels_open)
    levels = territories.levels(codes, span.start)
    names = territories.names(codes, span.start)
    findings = []
    for code in codes:
        level = levels.get(code, "")
        if not level or level in allowed:
            continue
        facts = {"division": code, "name": names.get(code, ""), "level": level}
        by = next((o for o in opened if o.covers(code, span, tree)), None)
        if by is not None:
            facts["exception"] = by.number
            findings.append(Finding("agreement.level_opened", Severity.INFO, code, facts))
            continue
        findings.append(Finding("agreement.level_closed", Severity.BLOCK, code, facts))
    return findings


def _check_caps(
    agreement: Agreement, codes: Sequence[str], span: Period, opened: Sequence[Opening]
) -> list[Finding]:
    """One contract too many in an area is refused, unless an opening covers what it names."""
    caps = cap_reads.caps()
    if not caps:
        return []
    others = cap_reads.holdings(span, but=agreement.id)
    named = {*codes, *(c.area for c in caps), *(o.division for o in opened)}
    named |= {code for other in others for code in other.divisions}
    tree, levels = territories.ancestors(named, span.start), territories.levels(named, span.start)
    names = territories.names(named, span.start)
    new = Holding(agreement.number, span, frozenset(codes))
    findings = []
    for finding in check_caps(new, others, caps, tree, levels):
        area, level = str(finding.facts["area"]), str(finding.facts["level"])
        facts = {**finding.facts, "name": names.get(area, "")}
        counting = [c for c in codes if levels.get(c) == level and lies_in(c, area, tree)]
        if all(any(o.covers(c, span, tree) for o in opened) for c in counting):
            findings.append(Finding("territory.cap_waived", Severity.WARN, area, facts))
        else:
            findings.append(replace(finding, facts=facts))
    return findings


def cap_in_the_way(distributor_id: int, code: str, span: Period) -> list[Finding]:
    """Whether opening the division would pass a cap: then the incumbents are to be heard."""
    caps = cap_reads.caps()
    if not caps:
        return []
    own = db.session.scalars(
        sa.select(Agreement.number).where(Agreement.distributor_id == distributor_id)
    ).all()
    others = [h for h in cap_reads.holdings(span) if h.contract not in own]
    named = {code, *(c.area for c in caps), *(d for h in others for d in h.divisions)}
    tree, levels = territories.ancestors(named, span.start), territories.levels(named, span.start)
    return check_caps(Holding("", span, frozenset({code})), others, caps, tree, levels)
