"""What a contract, an amendment or a notice prints, frozen from the version and its names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale

from channel import clock
from channel.db import db
from channel.documents.agreement import AgreementDoc, Amendment, Change
from channel.documents.clauses import Clause, Names, clauses_of
from channel.documents.model import Party
from channel.messages import sentence
from channel.models.accounts import User
from channel.models.agreements import AgreementVersion
from channel.models.partners import Distributor, Maker
from channel.queries import agreements, catalogue, partners, rebates_policies, territories
from channel.services.steps.agreement_checks import named_policies
from contracts import agreement as rules
from contracts.agreement import Terms
from contracts.rebates.reading import read_aloud
from contracts.values.periods import Period


def names_for(terms: Sequence[Terms], version: AgreementVersion) -> Names:
    """How the codes of some terms are called on the first day of a version."""
    codes = {code for one in terms for code in one.territory.named()}
    maker = partners.get_maker()
    return Names(
        divisions=territories.names(sorted(codes), version.valid_from),
        goods={code: label.removeprefix(code).strip() for code, label in catalogue.group_codes()},
        policies={
            code: label.removeprefix(code).strip() for code, label in rebates_policies.codes()
        },
        min_shipment_fen=maker.min_shipment_fen,
        currency=version.agreement.distributor.currency,
        readings=_readings(terms, version),
    )


def _readings(terms: Sequence[Terms], version: AgreementVersion) -> dict[str, tuple[str, str]]:
    """The policies that some terms name, read aloud as they stand on the version's first day."""
    currency = version.agreement.distributor.currency
    named = {code for one in terms for code in one.rebate_policies}
    spoken = {}
    for policy in named_policies(named, version.valid_from):
        said = read_aloud(policy, currency)
        with force_locale("zh_CN"):
            zh = "".join(sentence(finding) for finding in said)
        with force_locale("en"):
            spoken[policy.code] = (zh, " ".join(sentence(finding) for finding in said))
    return spoken


def changes_between(old: AgreementVersion, new: AgreementVersion, names: Names) -> list[Change]:
    """The clauses that read differently, with the sentences that went and those that came."""
    terms = [rules.from_json(v.terms) for v in (old, new)]
    # Targets of days outside the amendment are not what it changes.
    span = Period(new.valid_from, new.valid_to)
    kept = tuple(t for t in terms[0].targets if t.period.overlaps(span))
    terms[0] = replace(terms[0], targets=kept)
    before, after = (clauses_of(one, names) for one in terms)
    return compare(before, after)


def changed_words(version: AgreementVersion, old: Terms, new: Terms) -> dict[str, Any]:
    """The clauses that read differently, for the audit trail, in the contract's own language."""
    names = names_for([old, new], version)
    return {
        f"clause {change['number']}": ("".join(change["old"]["zh"]), "".join(change["new"]["zh"]))
        for change in compare(clauses_of(old, names), clauses_of(new, names))
    }


def compare(before: Sequence[Clause], after: Sequence[Clause]) -> list[Change]:
    """Per clause the lines of one that the other does not have; equal clauses are left out."""
    found: list[Change] = []
    for old, new in zip(before, after, strict=True):
        # A sentence counts as changed when either language changed.
        old_pairs = list(zip(old["zh"], old["en"], strict=True))
        new_pairs = list(zip(new["zh"], new["en"], strict=True))
        gone = [p for p in old_pairs if p not in new_pairs]
        come = [p for p in new_pairs if p not in old_pairs]
        if gone or come:
            found.append(
                {
                    "number": old["number"],
                    "old": _as_clause(old["number"], gone),
                    "new": _as_clause(new["number"], come),
                }
            )
    return found


def _as_clause(number: int, pairs: Sequence[tuple[str, str]]) -> Clause:
    return {"number": number, "zh": [zh for zh, _ in pairs], "en": [en for _, en in pairs]}


def people(ids: set[int | None]) -> dict[int, str]:
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids - {None})))
    return dict(rows.all())


def amendments_of(version: AgreementVersion, signed: Sequence[AgreementVersion]) -> list[Amendment]:
    """The amendments whose days touch the version's, each against the version it amends."""
    touching = [
        v
        for v in signed
        if v.origin == "amendment"
        and v.valid_from < version.valid_to
        and v.valid_to > version.valid_from
    ]
    if not touching:
        return []
    approvers = people({v.approved_by_id for v in touching})
    # Named once for all, so that a page asks no more of many amendments than of one.
    named = names_for([rules.from_json(v.terms) for v in version.agreement.versions], version)
    return [amendment(v, approvers.get(v.approved_by_id or 0, ""), named) for v in touching]


def amendment(version: AgreementVersion, approved_by: str, names: Names) -> Amendment:
    """One amendment: what it changes, why, from when to when, and who approved it."""
    old = base_of(version)
    return {
        "version": version.version_no,
        "reason": version.reason,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat(),
        "approved_by": approved_by,
        "date": _day(version.approved_at),
        "terms_hash": version.terms_hash,
        "changes": changes_between(old, version, names) if old is not None else [],
    }


def base_of(version: AgreementVersion) -> AgreementVersion | None:
    """The version whose words were taken; before that was noted, the one before it."""
    own = {v.id: v for v in version.agreement.versions}
    if version.based_on_id in own:
        return own[version.based_on_id]
    return max(
        (v for v in own.values() if v.version_no < version.version_no),
        key=lambda v: v.version_no,
        default=None,
    )


def _day(instant: Any) -> str:
    return clock.date_of(instant).isoformat() if instant else ""


def maker_party(maker: Maker) -> Party:
    return {
        "name": maker.name,
        "name_en": maker.name_en,
        "uscc": maker.uscc or "",
        "address": maker.address,
    }


def distributor_party(distributor: Distributor) -> Party:
    return {
        "code": distributor.code,
        "name": distributor.tax_name or distributor.name,
        "uscc": distributor.uscc or "",
        "address": distributor.address,
    }


def contract_doc(version: AgreementVersion) -> AgreementDoc:
    """The version as it is printed, with the amendments that were signed so far."""
    terms = rules.from_json(version.terms)
    signed = [v for v in version.agreement.versions if v.state in agreements.SIGNED]
    approved = version in signed
    resale = terms.resale
    return {
        "number": version.agreement.number,
        "version": version.version_no,
        "reason": version.reason,
        "date": _day(version.approved_at) if approved else "",
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat(),
        "maker": maker_party(partners.get_maker()),
        "distributor": distributor_party(version.agreement.distributor),
        "clauses": clauses_of(terms, names_for([terms], version)),
        "terms_hash": version.terms_hash or agreements.text_hash(version),
        "approved_by": people({version.approved_by_id}).get(version.approved_by_id or 0, ""),
        "amendments": amendments_of(version, signed),
        "resale_reviewer": resale.reviewer if resale.kind == "fixed" else "",
    }
