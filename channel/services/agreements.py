"""Agreements: drafted, checked, approved by a second person, amended by new versions.

An approved version never changes. A later version takes over from its first day; what the
earlier one granted is cut there in the tables that SQL reads.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor, Maker
from channel.queries import agreements, partners
from channel.queries.scope import get_visible
from channel.services.steps import agreement_papers
from channel.services.steps import agreements as agreement_steps
from channel.services.steps.agreement_versions import (
    Draft,
    add_version,
    audit_version,
    next_state,
)
from channel.services.work import Refused, assert_seen, work
from contracts import agreement as rules
from contracts.agreement import WORKFLOW, Action, State, Terms
from contracts.territory import Territory
from contracts.values.findings import block
from contracts.values.periods import Period
from contracts.values.transitions import IllegalTransition


def _span(draft: Draft) -> Period:
    if draft.valid_to <= draft.valid_from:
        raise Refused([block("agreement.span", start=draft.valid_from, end=draft.valid_to)])
    return Period(draft.valid_from, draft.valid_to)


def draft_agreement(
    actor: Actor,
    distributor_id: int,
    draft: Draft,
    *,
    number: str = "",
    external_key: str | None = None,
) -> int:
    """A new agreement with its first version as a draft; gives the version's id."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        _span(draft)
        number = number.strip() or w.draw("AG", draft.valid_from)
        if w.session.scalar(sa.select(Agreement.id).where(Agreement.number == number)):
            raise Refused([block("agreement.number_taken", number=number)])
        agreement = Agreement(
            number=number,
            distributor_id=distributor.id,
            created_at=w.now,
            external_key=external_key,
        )
        w.session.add(agreement)
        w.session.flush()  # the version needs agreement.id
        return add_version(w, agreement, draft).id


def amend_agreement(
    actor: Actor,
    version_id: int,
    valid_from: date,
    reason: str,
    valid_to: date | None = None,
) -> int:
    """A new draft version to take over on a date, with the words that would rule on it.

    With an end of its own (exclusive) it is a dated relaxation: afterwards the earlier version
    rules again. From the old one's end on it is a renewal of that very version, by default for
    another year.
    """
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        old = agreements.get_version(actor, version_id)
        if not reason.strip():
            raise Refused([block("agreement.reason_needed")])
        if valid_from < old.valid_from:
            raise Refused([block("agreement.before_first", start=old.valid_from)])
        is_renewal = valid_from >= old.valid_to
        if not is_renewal:
            # What was amended in between stays amended.
            old = _ruling_on(old.agreement, valid_from) or old
        end = valid_to or (_a_year_on(valid_from) if is_renewal else old.valid_to)
        draft = Draft(valid_from, end, rules.from_json(old.terms), reason)
        span = _span(draft)
        draft = replace(draft, terms=_within(draft.terms, span))
        origin = "renewal" if is_renewal else "amendment"
        return add_version(w, old.agreement, draft, origin, old).id


def _ruling_on(agreement: Agreement, on: date) -> AgreementVersion | None:
    by_number = {v.version_no: v for v in agreement.versions}
    ruling = rules.in_force([agreements.as_rule(v) for v in agreement.versions], on)
    return by_number[ruling.number] if ruling else None


def _a_year_on(day: date) -> date:
    """The same day of the next year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _within(terms: Terms, span: Period) -> Terms:
    """Targets of the past year are not promises of the next: they are set anew."""
    return replace(terms, targets=tuple(t for t in terms.targets if t.period.overlaps(span)))


def copy_agreement(
    actor: Actor, version_id: int, distributor_id: int, valid_from: date, valid_to: date
) -> int:
    """A new agreement with the words of an old version, for another distributor or period.

    Another distributor gets no territory with it: two cannot hold the same.
    """
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        old = agreements.get_version(actor, version_id)
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        terms = rules.from_json(old.terms)
        if distributor.id != old.agreement.distributor_id:
            terms = replace(terms, territory=Territory(frozenset()))
        draft = Draft(valid_from, valid_to, terms)
        draft = replace(draft, terms=_within(terms, _span(draft)))
        agreement = Agreement(
            number=w.draw("AG", valid_from), distributor_id=distributor.id, created_at=w.now
        )
        w.session.add(agreement)
        w.session.flush()  # the version needs agreement.id
        return add_version(w, agreement, draft, "copy", old).id


def save_draft(
    actor: Actor, version_id: int, draft: Draft, seen_version: int | None = None
) -> None:
    """Change a draft's words."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        assert_seen(version, seen_version)
        if version.state != State.DRAFT:
            raise Refused([block("agreement.not_draft")])
        _span(draft)
        old, new = rules.from_json(version.terms), rules.to_json(draft.terms)
        changes = agreement_papers.changed_words(version, old, draft.terms)
        changes["valid_from"] = (version.valid_from, draft.valid_from)
        changes["valid_to"] = (version.valid_to, draft.valid_to)
        version.terms, version.reason = new, draft.reason
        version.valid_from, version.valid_to = draft.valid_from, draft.valid_to
        changes = {k: v for k, v in changes.items() if v[0] != v[1]}
        audit_version(w, "agreement:save", version, version.agreement, changes=changes)


def share_version(actor: Actor, version_id: int, seen_version: int | None = None) -> None:
    """Show a version that is not signed yet to its distributor, commitment and all."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        assert_seen(version, seen_version)
        if version.state not in (State.DRAFT, State.REVIEW) or version.shared_at is not None:
            raise Refused([block("agreement.not_now")])
        version.shared_at = w.now
        audit_version(w, "agreement:share", version, version.agreement)


def submit_version(actor: Actor, version_id: int, seen_version: int | None = None) -> None:
    """Hand a draft to a second person; refused while a clause is missing."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        assert_seen(version, seen_version)
        new = next_state(version, Action.SUBMIT)
        stopping = [f for f in agreement_steps.check_version(version) if f.is_blocking]
        if stopping:
            raise Refused(stopping)
        old, version.state = version.state, new.value
        version.submitted_by_id, version.submitted_at = actor.user_id, w.now
        version.terms_hash = agreements.text_hash(version)
        audit_version(
            w,
            "agreement:submit",
            version,
            version.agreement,
            changes={"state": (old, version.state)},
        )


def approve_version(actor: Actor, version_id: int, seen_version: int | None = None) -> None:
    """Put a version in force from its date; by another person than the one who submitted it."""
    with work(actor, Permission.AGREEMENTS_APPROVE) as w:
        # Two approvals at once must see each other's grants: one at a time.
        lock(Maker, [partners.get_maker().id])
        version = agreements.get_version(actor, version_id)
        w.session.refresh(version)
        assert_seen(version, seen_version)
        new = next_state(version, Action.APPROVE)
        if version.submitted_by_id == actor.user_id or version.drafted_by_id == actor.user_id:
            raise Refused([block("agreement.own_version")])
        stopping = [f for f in agreement_steps.check_version(version) if f.is_blocking]
        if stopping:
            raise Refused(stopping)
        old, version.state = version.state, new.value
        version.approved_by_id, version.approved_at = actor.user_id, w.now
        version.terms_hash = agreements.text_hash(version)
        w.session.flush()  # the spread reads the approved versions
        agreement_steps.spread_terms(w, version.agreement)
        audit_version(
            w,
            "agreement:approve",
            version,
            version.agreement,
            changes={"state": (old, version.state), "terms_hash": version.terms_hash},
        )


def decide_otherwise(
    actor: Actor, version_id: int, act: Action, reason: str, seen_version: int | None = None
) -> None:
    """Withdraw, reject, or take up again as draft; each with its permission."""
    needed = Permission.AGREEMENTS_APPROVE if act is Action.REJECT else Permission.AGREEMENTS_WRITE
    with work(actor, needed) as w:
        version = agreements.get_version(actor, version_id)
        assert_seen(version, seen_version)
        if act not in (Action.WITHDRAW, Action.REJECT, Action.REVISE):
            raise Refused([block("agreement.not_now")])
        new = next_state(version, act)
        if act is Action.REJECT and not reason.strip():
            raise Refused([block("agreement.reason_needed")])
        old, version.state = version.state, new.value
        audit_version(
            w,
            f"agreement:{act.value}",
            version,
            version.agreement,
            reason,
            {"state": (old, version.state)},
        )


def stop_or_end(
    actor: Actor,
    version_id: int,
    act: Action,
    on: date,
    reason: str,
    seen_version: int | None = None,
) -> None:
    """Suspend, resume or terminate the whole agreement from a day on; always with a reason.

    All its signed versions go the same way, so that no earlier one comes to rule in their place.
    A termination binds until the day before `on`; documents of those days stay judged by it.
    """
    with work(actor, Permission.AGREEMENTS_APPROVE) as w:
        version = agreements.get_version(actor, version_id)
        assert_seen(version, seen_version)
        if act not in (Action.SUSPEND, Action.RESUME, Action.TERMINATE):
            raise Refused([block("agreement.not_now")])
        next_state(version, act)
        if not reason.strip():
            raise Refused([block("agreement.reason_needed")])
        if act is Action.TERMINATE and on < w.today:
            raise Refused([block("agreement.ends_in_the_past", on=on, today=w.today)])
        agreement = version.agreement
        for one in agreement.versions:
            try:
                new = WORKFLOW.next(State(one.state), act)
            except IllegalTransition:
                continue
            old, one.state = one.state, new.value
            one.suspended_from = on if act is Action.SUSPEND else None
            one.ended_on = on if act is Action.TERMINATE else None
            one.end_reason = "" if act is Action.RESUME else reason.strip()[:500]
            audit_version(
                w,
                f"agreement:{act.value}",
                one,
                agreement,
                reason,
                {"state": (old, one.state), "on": on},
            )
        w.session.flush()  # the spread reads the signed versions
        agreement_steps.spread_terms(w, agreement)
