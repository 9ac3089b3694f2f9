"""What follows on a version: its comparison with another, its renewal, its copy, its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from channel.access import NotVisible, Permission
from channel.documents.clauses import HEADINGS, clauses_of
from channel.queries import agreements as reads
from channel.queries import partners
from channel.queries.agreements_lists import expiring_listing
from channel.services import agreements as service
from channel.services.steps import agreement_papers
from channel.services.work import Refused
from channel.web import lists
from channel.web.agreements.blueprint import bp, side, tabs
from channel.web.forms.fields import DayField, Form, IdField
from channel.web.pages import actor, flash_refusal, page, see_other, show
from contracts import agreement as rules


class CopyForm(Form):
    distributor_id = IdField(_l("for the distributor"), [DataRequired()])
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"), [DataRequired()])


@page(bp, "/agreements/expiring", Permission.AGREEMENTS_READ)
def expiring() -> Any:
    return lists.answer(expiring_listing(), tabs=tabs("agreements.expiring"))


@page(bp, "/agreements/<int:id>/compare", Permission.AGREEMENTS_READ)
def compare(id: int) -> Any:
    """Two versions side by side, clause by clause; by default with the one it is based on."""
    version = reads.get_version(actor(), id)
    others = [
        v
        for v in version.agreement.versions
        if v.id != version.id and reads.is_shown_to(actor(), v)
    ]
    chosen = request.args.get("with", "")
    base = agreement_papers.base_of(version)
    other = next((v for v in others if str(v.id) == chosen), None)
    other = other or (base if base in others else None) or next(iter(others), None)
    if other is None:
        raise NotVisible
    terms = [rules.from_json(v.terms) for v in (other, version)]
    names = agreement_papers.names_for(terms, version)
    before, after = (clauses_of(one, names) for one in terms)
    at = side()
    return show(
        "agreements/compare.html",
        version=version,
        other=other,
        others=others,
        rows=[
            (number, HEADINGS[number][0 if at == "zh" else 1], old[at], new[at])  # type: ignore[literal-required]
            for number, old, new in zip(HEADINGS, before, after, strict=True)
        ],
    )


@page(bp, "/agreements/<int:id>/renew", Permission.AGREEMENTS_WRITE, methods=("POST",))
def renew(id: int) -> Any:
    """A new version from the day after the last one's end, linked to it."""
    version = reads.get_version(actor(), id)
    try:
        new_id = service.amend_agreement(actor(), id, version.valid_to, _("Renewal"))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("agreements.record", id=id)
    flash(
        _("The renewal is a draft with the same clauses: set its targets, then submit."), "success"
    )
    return see_other("agreements.edit", id=new_id)


@page(bp, "/agreements/<int:id>/copy", Permission.AGREEMENTS_WRITE, methods=("GET", "POST"))
def copy(id: int) -> Any:
    """The clauses for another distributor or another period, as a new agreement."""
    version = reads.get_version(actor(), id)
    form = CopyForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if request.method == "GET":
        form.valid_from.data = version.valid_from
        form.last_day.data = version.valid_to - timedelta(days=1)
        return show("agreements/copy.html", form=form, version=version)
    if form.validate() and form.valid_from.data and form.last_day.data:
        try:
            new_id = service.copy_agreement(
                actor(),
                id,
                form.distributor_id.data or 0,
                form.valid_from.data,
                form.last_day.data + timedelta(days=1),
            )
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("Copied as a draft: fill in what is its own, then submit."), "success")
            return see_other("agreements.edit", id=new_id)
    return show("agreements/copy.html", form=form, version=version), 422
