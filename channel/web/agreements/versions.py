"""Agreements: the clauses as one form, approval by a second person, versions side by side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from channel import clock
from channel.access import Permission, may
from channel.documents.clauses import HEADINGS, clauses_of
from channel.models.agreements import AgreementVersion
from channel.queries import agreements as reads
from channel.queries import (
    agreements_papers,
    audit,
    carve_outs,
    catalogue,
    partners,
    rebates_policies,
)
from channel.services import agreements as service
from channel.services.steps import agreement_papers
from channel.services.steps.agreements import check_version
from channel.services.work import Refused, Stale
from channel.web import lists
from channel.web.agreements.blueprint import bp, side, tabs
from channel.web.agreements.duties import DutyForm
from channel.web.applying import apply_link
from channel.web.forms import agreement_rows as rows
from channel.web.forms.agreements import SIDES, AgreementForm
from channel.web.forms.fields import DayField, Form, TextField
from channel.web.forms.refusals import seen_again, show_meanwhile
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts import agreement as rules
from contracts.agreement import WORKFLOW, Action, State

#: Acts that take a day and a reason, and whether the act was done in words.
STOPPING = {
    "suspend": _l("Suspended: orders are stopped from that day."),
    "resume": _l("Resumed: orders pass again."),
    "terminate": _l("Terminated: it binds until the day before."),
}


APPROVING = (Action.APPROVE, Action.REJECT, Action.SUSPEND, Action.RESUME, Action.TERMINATE)


PERIOD_KINDS = [
    ("month", _l("month")),
    ("quarter", _l("quarter")),
    ("half", _l("half-year")),
    ("year", _l("year")),
]


class AmendForm(Form):
    valid_from = DayField(_l("takes over on"))
    last_day = DayField(_l("last day, if it is for a time only"))
    reason = TextField(_l("why this version"))


class StopForm(Form):
    on = DayField(_l("from this day"))
    reason = TextField(_l("reason"), [Length(max=500)])


@page(bp, "/agreements", Permission.AGREEMENTS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.AGREEMENTS_WRITE):
        actions.append(
            {"url": url_for("agreements.new"), "icon": "plus", "label": _("Draft an agreement")}
        )
    return lists.answer(reads.versions_listing(), actions=actions, tabs=tabs("agreements.index"))


def _choices(form: AgreementForm) -> None:
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    form.goods.choices = catalogue.group_codes()
    form.price_book.choices = [("", _("choose")), *catalogue.book_choices()]
    form.rebate_policies.choices = rebates_policies.codes()


def _entry(
    form: AgreementForm,
    version: AgreementVersion | None,
    errors: list[str],
    status: int = 200,
    *,
    moved: bool = False,
) -> Any:
    """The form with what was typed; `moved` when somebody else saved meanwhile."""
    if request.method == "POST":
        typed = {name: rows.typed_rows(request.form, name) for name in rows.FIELDS}
    elif version is not None:
        typed = rows.rows_of(rules.from_json(version.terms))
    else:
        typed = {name: [] for name in rows.FIELDS}
    return show(
        "agreements/form.html",
        form=form,
        version=version,
        seen_version="" if version is None else seen_again(version.row_version, moved=moved),
        errors=errors,
        rows={name: rows.with_spare(found, name) for name, found in typed.items()},
        groups=catalogue.group_codes(),
        period_kinds=PERIOD_KINDS,
        sides=SIDES,
        maker=partners.get_maker(),
    ), status


def _draft(form: AgreementForm) -> tuple[service.Draft | None, list[str]]:
    targets, errors = rows.read_targets(rows.typed_rows(request.form, "target"))
    mix, wrong_mix = rows.read_mix(rows.typed_rows(request.form, "mix"))
    duties, wrong_duties = rows.read_duties(rows.typed_rows(request.form, "duty"))
    errors = [*errors, *wrong_mix, *wrong_duties]
    if errors or form.valid_from.data is None or form.last_day.data is None:
        return None, errors
    return (
        service.Draft(
            form.valid_from.data,
            form.last_day.data + timedelta(days=1),
            form.terms(targets, mix, duties),
            form.reason.data or "",
        ),
        [],
    )


@page(bp, "/agreements/new", Permission.AGREEMENTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = AgreementForm()
    _choices(form)
    if request.method == "GET":
        today = clock.today()
        form.valid_from.data = today
        form.last_day.data = today.replace(month=12, day=31)
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdigit() else None
        return _entry(form, None, [])
    valid = form.validate()
    draft, errors = _draft(form) if valid else (None, [])
    if form.distributor_id.data is None:
        errors.append(_("Choose the distributor."))
    if draft is None or errors:
        return _entry(form, None, errors, 422)
    try:
        version_id = service.draft_agreement(
            actor(), form.distributor_id.data, draft, number=form.number.data or ""
        )
    except Refused as refused:
        flash_refusal(refused)
        return _entry(form, None, [], 422)
    flash(_("The draft is kept. Check what is missing, then submit it."), "success")
    return see_other("agreements.record", id=version_id)


@page(bp, "/agreements/<int:id>", Permission.AGREEMENTS_READ)
def record(id: int) -> Any:
    """One version: its clauses, what stands against it, its duties and papers, the next steps."""
    version = reads.get_version(actor(), id)
    agreement, is_house = version.agreement, not actor().is_distributor
    terms = rules.from_json(version.terms)
    is_open = version.state in (State.DRAFT, State.REVIEW)
    today = clock.today()
    at = side()
    headings = {n: words[0 if at == "zh" else 1] for n, words in HEADINGS.items()}
    written = clauses_of(terms, agreement_papers.names_for([terms], version))
    shown = [v for v in agreement.versions if reads.is_shown_to(actor(), v)]
    ids = [v.id for v in shown]
    subjects = [("agreement_version", i) for i in ids]
    return show(
        "agreements/record.html",
        version=version,
        agreement=agreement,
        versions=list(reversed(shown)),
        terms=terms,
        clauses=[(c["number"], headings[c["number"]], c[at]) for c in written],  # type: ignore[literal-required]
        headings=headings,
        lang=at,
        amendments=_amendments(version, shown),
        standings=reads.standings(agreement.versions, today),
        again=_again(version, today),
        findings=check_version(version) if is_open and is_house else [],
        apply=apply_link("agreement", version),
        cuts=carve_outs.named_cuts(agreement.id, today),
        acts=_acts(version),
        amend_form=AmendForm(formdata=None),
        stop_form=StopForm(formdata=None, prefix="stop-", data={"on": today}),
        today=today,
        is_house=is_house,
        is_signed=version.state in reads.SIGNED,
        may_write=may(actor(), Permission.AGREEMENTS_WRITE),
        may_fulfil=may(actor(), Permission.OBLIGATIONS_FULFIL),
        obligations=agreements_papers.obligations_of(agreement.id),
        duty_form=DutyForm(formdata=None),
        sides=dict(SIDES),
        files=agreements_papers.files_of(ids),
        notices=agreements_papers.notices_of(ids),
        attachments=agreements_papers.attachments_of([version.id]),
        quotations=agreements_papers.quotations_of(ids),
        history_lines=audit.history(*subjects) if is_house else [],
    )


def _amendments(version: AgreementVersion, shown: list[AgreementVersion]) -> list[Any]:
    """(version, what it changes) of each amendment whose days touch the version's."""
    signed = [v for v in shown if v.state in reads.SIGNED]
    own = {v.version_no: v for v in signed}
    return [(own[a["version"]], a) for a in agreement_papers.amendments_of(version, signed)]


def _again(version: AgreementVersion, today: date) -> date | None:
    """When a version that another one stands in for comes to rule again."""
    stretches = rules.ruled_days([reads.as_rule(v) for v in version.agreement.versions])
    mine = [days for v, days in stretches if v.number == version.version_no]
    if any(days.contains(today) for days in mine):
        return None
    later = [days.start for days in mine if days.start > today]
    return later[0] if later and mine[0].start <= today else None


def _acts(version: AgreementVersion) -> set[str]:
    """The steps that are legal now and that this role may take."""
    who, acts = actor(), set()
    for act in WORKFLOW.actions(State(version.state)):
        approving = act in APPROVING
        needed = Permission.AGREEMENTS_APPROVE if approving else Permission.AGREEMENTS_WRITE
        own = version.submitted_by_id == who.user_id or version.drafted_by_id == who.user_id
        if may(who, needed) and not (act is Action.APPROVE and own):
            acts.add(act.value)
    if may(who, Permission.AGREEMENTS_WRITE):
        acts |= {"edit"} if version.state == State.DRAFT else set()
        is_open = version.state in (State.DRAFT, State.REVIEW)
        acts |= {"share"} if is_open and version.shared_at is None else set()
        acts |= {"amend", "renew"} if version.state == State.APPROVED else set()
    return acts


@page(bp, "/agreements/<int:id>/edit", Permission.AGREEMENTS_WRITE, methods=("GET", "POST"))
def edit(id: int) -> Any:
    version = reads.get_version(actor(), id)
    form = AgreementForm()
    _choices(form)
    if request.method == "GET":
        form.fill(rules.from_json(version.terms))
        form.valid_from.data = version.valid_from
        form.last_day.data = version.valid_to - timedelta(days=1)
        form.reason.data = version.reason
        return _entry(form, version, [])
    valid = form.validate()
    draft, errors = _draft(form) if valid else (None, [])
    if draft is None:
        return _entry(form, version, errors, 422)
    try:
        service.save_draft(actor(), id, draft, seen_version())
    except Refused as refused:
        flash_refusal(refused)
        return _entry(form, reads.get_version(actor(), id), [], 422)
    except Stale:
        show_meanwhile("agreement_version", id)
        return _entry(form, reads.get_version(actor(), id), [], 422, moved=True)
    flash(_("Saved."), "success")
    return see_other("agreements.record", id=id)


@page(bp, "/agreements/<int:id>/act", Permission.AGREEMENTS_READ, methods=("POST",))
def act(id: int) -> Any:
    """One step of the workflow; each use case demands its own permission."""
    chosen, reason = request.form.get("act", ""), request.form.get("reason", "")
    try:
        if chosen in STOPPING:
            return _stop(id, chosen)
        if chosen == "submit":
            service.submit_version(actor(), id, seen_version())
            flash(_("Submitted: a second person approves it."), "success")
        elif chosen == "share":
            service.share_version(actor(), id, seen_version())
            flash(_("The distributor sees it now, marked as not yet signed."), "success")
        elif chosen == "approve":
            service.approve_version(actor(), id, seen_version())
            flash(_("Approved: it is in force from its first day."), "success")
        elif chosen == "amend":
            form = AmendForm()
            form.validate()
            if form.valid_from.data is None:
                flash(_("Choose the day on which it takes over."), "danger")
                return see_other("agreements.record", id=id)
            end = form.last_day.data and form.last_day.data + timedelta(days=1)
            new_id = service.amend_agreement(
                actor(), id, form.valid_from.data, form.reason.data or "", end
            )
            return see_other("agreements.edit", id=new_id)
        elif chosen in {a.value for a in Action}:
            service.decide_otherwise(actor(), id, Action(chosen), reason, seen_version())
            flash(_("Done."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("agreements.record", id=id)


def _stop(id: int, chosen: str) -> Any:
    """Suspend, resume or terminate from a day on."""
    form = StopForm(prefix="stop-")
    form.validate()
    if form.on.errors:
        flash(str(form.on.errors[0]), "danger")
        return see_other("agreements.record", id=id)
    on = form.on.data or clock.today()
    service.stop_or_end(actor(), id, Action(chosen), on, form.reason.data or "", seen_version())
    flash(str(STOPPING[chosen]), "success")
    return see_other("agreements.record", id=id)


@page(bp, "/agreements/of/<int:id>", Permission.AGREEMENTS_READ)
def newest(id: int) -> Any:
    """The newest version of an agreement."""
    return see_other("agreements.record", id=reads.newest_version_id(actor(), id))
