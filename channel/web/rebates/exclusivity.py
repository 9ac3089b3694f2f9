"""Declarations of exclusivity in the browser: signed by the distributor, seen by the house."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.rebates_evidence import declaration_text, legal_note
from channel.models.partners import Distributor
from channel.queries import audit, partners
from channel.queries import exclusivity as reads
from channel.queries.scope import get_visible
from channel.services import exclusivity as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_evidence import DeclarationForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.rebates.baselines import evidence_tabs
from channel.web.rebates.blueprint import bp, language
from contracts.values.periods import containing

PLACES = {
    "exclusivity.span": "last",
    "exclusivity.too_long": "last",
    "exclusivity.signer_needed": "signer",
    "exclusivity.agree": "is_agreed",
}


@page(bp, "/rebates/exclusivity", Permission.REBATES_READ)
def exclusivity() -> Any:
    actions = []
    if may(actor(), Permission.EXCLUSIVITY_SIGN):
        label = _("Declare exclusivity")
        actions.append({"url": url_for("rebates.exclusivity_new"), "icon": "plus", "label": label})
    elif may(actor(), Permission.MARKET_FILE):
        label = _("Report rival goods")
        url = url_for("market.new_incident", kind="rival")
        actions.append({"url": url, "icon": "eye", "label": label})
    return lists.answer(
        reads.declarations(),
        actions=actions,
        subtitle=_("The reward for exclusivity needs a declaration for every day of the period."),
        tabs=evidence_tabs("rebates.exclusivity"),
    )


@page(bp, "/rebates/exclusivity/new", Permission.EXCLUSIVITY_SIGN, methods=("GET", "POST"))
def exclusivity_new() -> Any:
    """The distributor reads the words and the legal note, and signs."""
    form = DeclarationForm()
    owner: Distributor = get_visible(actor(), Distributor, actor().distributor_id or 0)
    text, note = declaration_text(partners.get_maker().name, owner.name), legal_note()
    if request.method == "GET":
        quarter = containing(clock.today(), "quarter")
        form.first.data, form.last.data = quarter.start, quarter.last_day
        form.signer.data = actor().name
    elif form.validate():
        wish = service.Declaration(
            form.first.data, form.last.data, form.signer.data or "",
            bool(form.is_agreed.data), language(), text, note,
        )  # fmt: skip
        try:
            made = service.sign(actor(), wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The declaration is signed."), "success")
            return see_other("rebates.exclusivity_record", id=made)
    status = 422 if request.method == "POST" else 200
    return show("rebates/exclusivity_new.html", form=form, text=text, note=note), status


@page(bp, "/rebates/exclusivity/<int:id>", Permission.REBATES_READ)
def exclusivity_record(id: int) -> Any:
    record = reads.get_declaration(actor(), id)
    can_withdraw = record.withdrawn_on is None and may(actor(), Permission.EXCLUSIVITY_WITHDRAW)
    return show(
        "rebates/exclusivity.html",
        declaration=record,
        state=reads.state_of(record),
        signed_on=clock.date_of(record.signed_at),
        sightings=reads.sightings(record),
        can_withdraw=can_withdraw,
        entries=audit.history("exclusivity_declaration", id),
    )


@page(
    bp,
    "/rebates/exclusivity/<int:id>/withdraw",
    Permission.EXCLUSIVITY_WITHDRAW,
    methods=("POST",),
)
def exclusivity_withdraw(id: int) -> Any:
    """From today on it no longer holds; what was earned before stays."""
    try:
        service.withdraw(actor(), id, request.form.get("reason", ""))
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The declaration is withdrawn."), "success")
    return see_other("rebates.exclusivity_record", id=id)
