"""One request: what it would change, what is known of the distributor, and the legal acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, Role, may
from channel.messages import sentence
from channel.messages.coded import EXCEPTION_TYPES
from channel.queries import accounts as people
from channel.queries import approvals, audit, outcomes
from channel.queries import exceptions as reads
from channel.queries.exceptions_brief import brief
from channel.services import exceptions as service
from channel.services.work import Refused
from channel.web.exceptions.blueprint import RECORDS, bp
from channel.web.exceptions.wording import asked_words, change_words
from channel.web.formats import decode_findings
from channel.web.forms.exceptions import DecisionForm, ReviewDaysForm
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts.approval import ActKind, acts_open_to


@page(bp, "/exceptions/<int:id>", Permission.EXCEPTIONS_READ)
def record(id: int) -> Any:
    """The request with its grounds and figures, and the acts open to this person."""
    found, who, today = reads.get_request(actor(), id), actor(), clock.today()
    case = approvals.case_of(found, approvals.away(found, today))
    deciding = may(who, Permission.EXCEPTIONS_DECIDE)
    steads = approvals.steads(who, today) if deciding else ()
    acts = acts_open_to(case, who.user_id or 0, (who.role.value,), steads)
    if not deciding:
        acts = tuple(a for a in acts if a in (ActKind.SUBMIT, ActKind.WITHDRAW))
    own = acts_open_to(case, who.user_id or 0, (who.role.value,))
    ids = {i for s in found.seats for i in (s.signed_by_id, s.person_id, s.in_stead_of_id) if i}
    ids |= {user_id for user_id, _role in steads} | {found.requester_id or 0}
    names = reads.names(ids)
    colleagues = (
        people.people_with(Permission.EXCEPTIONS_DECIDE) if ActKind.REASSIGN in acts else []
    )
    known = brief(who, found)
    return show(
        "exceptions/record.html",
        request_=found,
        case=case,
        acts={a.value for a in acts},
        stead_names=[names[i] for i, _role in steads]
        if ActKind.APPROVE in acts and ActKind.APPROVE not in own
        else [],
        names=names,
        asked=asked_words(found),
        change=change_words(found, known),
        brief=known,
        types=EXCEPTION_TYPES,
        finding=_finding(found),
        word=EXCEPTION_TYPES[found.type],
        waiver=reads.waiver_with_use(id),
        early_end=outcomes.early_end(id) if found.state == "approved" else None,
        reviews=outcomes.reviews_of(id),
        days_form=_days_form(found) if deciding else None,
        colleagues=[c for c in colleagues if c.id not in (who.user_id, found.requester_id)],
        roles=(Role.CHANNEL_MANAGER, Role.FINANCE, Role.OWNER),
        records=RECORDS,
        form=DecisionForm(),
        today=today,
        last_day=found.valid_to - timedelta(days=1),
        history_lines=audit.history("exception_request", id),
    )


def _finding(found: Any) -> str:
    """The rule that was hit, unless it names contracts of others to a distributor."""
    if not found.finding:
        return ""
    [finding] = decode_findings([found.finding])
    if actor().is_distributor and "contracts" in finding.facts:
        return ""
    return str(sentence(finding))


def _days_form(found: Any) -> ReviewDaysForm | None:
    """The days of review that may still be moved: of a request that is alive."""
    if found.state not in ("pending", "sent_back", "approved"):
        return None
    form = ReviewDaysForm(formdata=None)
    for field, text in zip(form.days(), found.review_on or (), strict=False):
        field.typed = text
    return form


@page(bp, "/exceptions/<int:id>/act", Permission.EXCEPTIONS_READ, methods=("POST",))
def act(id: int) -> Any:
    """One act; the use case demands the permission and the engine the seat."""
    chosen = request.form.get("act", "")
    try:
        kind = ActKind(chosen)
    except ValueError:
        return see_other("exceptions.record", id=id)
    person = request.form.get("to_person", "")
    try:
        state = service.decide(
            actor(),
            id,
            kind,
            note=request.form.get("note", ""),
            seen_version=seen_version(),
            to_person=int(person) if person.isdigit() else None,
            to_role=request.form.get("to_role") or None,
        )
    except Refused as refused:
        flash_refusal(refused)
        return see_other("exceptions.record", id=id)
    words = {
        "approved": _("Approved: the exception is in force and the document was checked again."),
        "rejected": _("Rejected; the requester is told."),
        "sent_back": _("Sent back; the requester is told."),
        "withdrawn": _("Withdrawn."),
    }
    flash(words.get(state, _("Done; it waits for the next signature.")), "success")
    decided = kind in (ActKind.APPROVE, ActKind.REJECT, ActKind.SEND_BACK)
    if decided and request.form.get("from") == "inbox":
        return see_other("exceptions.inbox")
    return see_other("exceptions.record", id=id)
