"""What stands against a version before it is approved, and what it grants once it is."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import (
    Agreement,
    AgreementVersion,
    Obligation,
    PolicyEnrolment,
    TerritoryGrant,
)
from channel.models.catalogue import PriceBook, ProductGroup
from channel.models.rebates import RebatePolicy
from channel.queries import agreements, carve_outs, territories
from channel.services.steps import agreement_checks, market_levels
from channel.services.work import Work
from contracts import agreement as rules
from contracts import payment_terms
from contracts.agreement import Terms
from contracts.soundness import check_sound
from contracts.territory import Grant, check_exclusive
from contracts.values.findings import Finding, block
from contracts.values.periods import Period


def check_version(version: AgreementVersion) -> list[Finding]:
    """Everything that stands against the version: missing clauses, unknown words, other owners."""
    agreement = version.agreement
    terms = rules.from_json(version.terms)
    span = Period(version.valid_from, version.valid_to)
    findings = rules.check_complete(terms, span)
    findings += check_sound(terms, span, agreement.distributor.currency)
    findings += payment_terms.check(terms.payment) if terms.payment else []
    findings += _check_references(terms, version.valid_from)
    findings += agreement_checks.check_policies(terms, version.valid_from)
    findings += agreement_checks.check_margins(terms, version.valid_from)
    findings += agreement_checks.check_past(version, terms)
    findings += market_levels.check_market(version, terms, span)
    others = agreements.granted_to_others(agreement.distributor_id, span)
    grant = Grant(terms.territory, terms.goods, span, terms.exclusive, agreement.number)
    named = set(terms.territory.named())
    for other in others:
        named |= other.territory.named()
    tree = territories.ancestors(named, version.valid_from)
    for finding in check_exclusive(grant, others, tree):
        facts = dict(finding.facts)
        codes = facts.pop("divisions")
        assert isinstance(codes, tuple)
        names = territories.names(codes, version.valid_from)
        facts["divisions"] = tuple(f"{c} {names[c]}".strip() for c in codes)
        findings.append(Finding(finding.code, finding.severity, finding.subject, facts))
    return findings


def _check_references(terms: Terms, on: date) -> list[Finding]:
    """Price book, policies and divisions must exist."""
    findings = []
    if terms.price_book and not db.session.scalar(
        sa.select(PriceBook.id).where(PriceBook.code == terms.price_book)
    ):
        findings.append(block("agreement.unknown_book", book=terms.price_book))
    known = set(
        db.session.scalars(
            sa.select(RebatePolicy.code).where(
                RebatePolicy.code.in_(terms.rebate_policies), RebatePolicy.state == "approved"
            )
        )
    )
    for code in sorted(set(terms.rebate_policies) - known):
        findings.append(block("agreement.unknown_policy", policy=code))
    groups = terms.goods | {rule.group for rule in terms.mix}
    known = set(
        db.session.scalars(sa.select(ProductGroup.code).where(ProductGroup.code.in_(groups)))
    )
    for code in sorted(groups - known):
        findings.append(block("agreement.unknown_group", group=code))
    names = territories.names(sorted(terms.territory.named()), on)
    for code, name in names.items():
        if not name:
            findings.append(block("agreement.unknown_division", division=code))
    return findings


def spread_terms(w: Work, agreement: Agreement) -> None:
    """Write anew what the signed versions of an agreement grant, enrol and oblige.

    Each for the days on which it rules: a later version cuts it, and where that one is dated
    the earlier one rules again after it.
    """
    versions = {
        v.version_no: v
        for v in w.session.scalars(
            sa.select(AgreementVersion)
            .where(
                AgreementVersion.agreement_id == agreement.id,
                AgreementVersion.state.in_(agreements.SIGNED),
            )
            .order_by(AgreementVersion.version_no)
        )
    }
    ids = sa.select(AgreementVersion.id).where(AgreementVersion.agreement_id == agreement.id)
    for table in (TerritoryGrant, PolicyEnrolment):
        w.session.execute(
            sa.delete(table)
            .where(table.version_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    cuts = carve_outs.cuts_of([agreement.id]).get(agreement.id, ())
    stretches = rules.ruled_days(
        [agreements.as_rule(v, with_terms=True) for v in versions.values()]
    )
    for rule, days in stretches:
        assert rule.terms is not None
        terms = carve_outs.overlaid(rule.terms, cuts)
        _spread_version(w, agreement, versions[rule.number], terms, days)
    _spread_obligations(w, agreement, [rule.terms for rule, _days in stretches if rule.terms])


def _spread_obligations(w: Work, agreement: Agreement, ruling: list[Terms]) -> None:
    """A row for each free duty that a ruling version names; one no longer named is dropped.

    What was done stays done: a duty is the same one as long as its words, day and side are.
    """
    named = {(o.text, o.due, o.owner) for terms in ruling for o in terms.obligations}
    rows = w.session.scalars(
        sa.select(Obligation).where(
            Obligation.agreement_id == agreement.id, Obligation.is_from_terms.is_(True)
        )
    )
    for row in rows:
        key = (row.text, row.due_on, row.owner)
        if row.state != "fulfilled":
            row.state = "open" if key in named else "dropped"
        named.discard(key)
    for text, due, owner in sorted(named, key=lambda key: (key[1], key[0])):
        w.session.add(
            Obligation(
                agreement_id=agreement.id,
                distributor_id=agreement.distributor_id,
                text=text,
                due_on=due,
                owner=owner,
                is_from_terms=True,
                row_version=1,
            )
        )


def _spread_version(
    w: Work, agreement: Agreement, version: AgreementVersion, terms: Terms, days: Period
) -> None:
    place, end = terms.territory, days.end

    def grant(code: str, included: bool, start: date, stop: date) -> None:
        if stop > start:
            w.session.add(
                TerritoryGrant(
                    version_id=version.id,
                    distributor_id=agreement.distributor_id,
                    division_code=code,
                    is_included=included,
                    is_exclusive=terms.exclusive,
                    valid_from=start,
                    valid_to=stop,
                )
            )

    for code in sorted(place.includes):
        grant(code, True, days.start, end)
    for code in sorted(place.excludes):
        grant(code, False, days.start, end)
    for cut in place.carve_outs:
        grant(cut.value, False, max(cut.valid_from, days.start), min(cut.valid_to or end, end))
    for code in terms.rebate_policies:
        w.session.add(
            PolicyEnrolment(
                version_id=version.id,
                distributor_id=agreement.distributor_id,
                policy_code=code,
                valid_from=days.start,
                valid_to=end,
            )
        )
