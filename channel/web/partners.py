"""Pages about the maker and the distributors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.partners import Distributor
from channel.queries import audit, territories
from channel.queries import partners as reads
from channel.rules.identity import check_identity, masked_phone, registered_division, uscc_fault
from channel.services import partners as service
from channel.services.partners import DistributorFacts, MakerFacts, ShipToFacts
from channel.services.work import Refused, Stale
from channel.web import lists
from channel.web.forms.partners import DistributorForm, MakerForm, ShipToForm
from channel.web.forms.refusals import show_meanwhile, show_refusal
from channel.web.pages import actor, page, see_other, seen_version, show
from contracts.rebates.payout import in_order

bp = Blueprint("partners", __name__)

#: Where a refusal is shown on the form of a distributor or of the maker.
PLACES = {
    "identity.": "uscc",
    "division.": "division_code",
    "partner.code_taken": "code",
    "partner.uscc_taken": "uscc",
    "partner.rep_unknown": "sales_rep_id",
}
FACTS = tuple(DistributorFacts.__dataclass_fields__)


@page(bp, "/distributors", Permission.PARTNERS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.PARTNERS_WRITE):
        actions.append(
            {"url": url_for("partners.new"), "icon": "plus", "label": _("New distributor")}
        )
    return lists.answer(reads.DISTRIBUTORS, actions=actions)


def _facts(form: DistributorForm) -> DistributorFacts:
    return DistributorFacts(**{name: form[name].data for name in FACTS})


def _offer(form: DistributorForm, distributor: Distributor | None = None) -> None:
    """The people to choose from; a rep who left stays the rep until another is chosen."""
    people = reads.rep_choices()
    kept = distributor.sales_rep_id if distributor else None
    if distributor and kept is not None and str(kept) not in dict(people):
        people.append((str(kept), reads.rep_name(distributor)))
    form.sales_rep_id.choices = [("", "—"), *people]


@page(bp, "/distributors/new", Permission.PARTNERS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = DistributorForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            record_id = service.create_distributor(actor(), _facts(form))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The distributor is opened. Add its ship-to places next."), "success")
            return see_other("partners.record", id=record_id)
    status = 422 if form.is_submitted() else 200
    return show("partners/form.html", form=form, distributor=None), status


@page(bp, "/distributors/<int:id>", Permission.PARTNERS_READ)
def record(id: int) -> Any:
    who, today = actor(), clock.today()
    distributor = reads.get_distributor(who, id)
    code = distributor.uscc or ""
    registered = registered_division(code) if code and not uscc_fault(code) else None
    codes = {s.division_code for s in distributor.ship_tos}
    codes |= {c for c in (distributor.division_code, registered) if c}
    may_call = who.is_distributor or may(who, Permission.ORDERS_WRITE)
    return show(
        "partners/record.html",
        distributor=distributor,
        names=territories.names(codes, today),
        registered=registered,
        rep=reads.rep_name(distributor),
        phone=distributor.phone if may_call else masked_phone(distributor.phone),
        papers=check_identity(distributor.uscc, distributor.kind, distributor.licence_until, today),
        agreements=reads.agreements_of(who, id, today),
        entries=audit.history(
            ("distributor", id), *(("ship_to", s.id) for s in distributor.ship_tos)
        ),
    )


@page(bp, "/distributors/<int:id>/edit", Permission.PARTNERS_WRITE, methods=("GET", "POST"))
def edit(id: int) -> Any:
    distributor = reads.get_distributor(actor(), id)
    form = DistributorForm(obj=distributor)
    _offer(form, distributor)
    if not form.is_submitted():
        form.seen_version.data = str(distributor.row_version)
    if form.validate_on_submit():
        try:
            service.save_distributor(actor(), id, _facts(form), seen_version())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        except Stale:
            distributor = reads.get_distributor(actor(), id)
            form.seen_version.data = str(distributor.row_version)
            show_meanwhile("distributor", id)
        else:
            flash(_("Saved."), "success")
            return see_other("partners.record", id=id)
    status = 422 if form.is_submitted() else 200
    return show("partners/form.html", form=form, distributor=distributor), status


@page(bp, "/distributors/<int:id>/places/new", Permission.PARTNERS_WRITE, methods=("GET", "POST"))
def new_place(id: int) -> Any:
    distributor = reads.get_distributor(actor(), id)
    form = ShipToForm()
    if form.validate_on_submit():
        try:
            service.add_ship_to(actor(), id, _place(form))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The ship-to place is added."), "success")
            return see_other("partners.record", id=id)
    status = 422 if form.is_submitted() else 200
    return show("partners/place.html", form=form, distributor=distributor, place=None), status


def _place(form: ShipToForm) -> ShipToFacts:
    return ShipToFacts(
        name=form.name.data or "",
        division_code=form.division_code.data,
        address=form.address.data or "",
    )


@page(bp, "/places/<int:id>", Permission.PARTNERS_WRITE, methods=("GET", "POST"))
def place(id: int) -> Any:
    ship_to = reads.get_ship_to(actor(), id)
    distributor = ship_to.distributor
    form = ShipToForm(obj=ship_to)
    if form.validate_on_submit():
        try:
            service.save_ship_to(actor(), id, _place(form))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("partners.record", id=distributor.id)
    status = 422 if form.is_submitted() else 200
    return show("partners/place.html", form=form, distributor=distributor, place=ship_to), status


@page(bp, "/places/<int:id>/close", Permission.PARTNERS_WRITE, methods=("POST",))
def close_place(id: int) -> Any:
    owner = service.set_ship_to_active(actor(), id, False)
    flash(_("The ship-to place is closed; new orders cannot name it."), "success")
    return see_other("partners.record", id=owner)


@page(bp, "/places/<int:id>/reopen", Permission.PARTNERS_WRITE, methods=("POST",))
def reopen_place(id: int) -> Any:
    owner = service.set_ship_to_active(actor(), id, True)
    flash(_("The ship-to place is open again."), "success")
    return see_other("partners.record", id=owner)


@page(bp, "/maker", Permission.SETTINGS_MANAGE, methods=("GET", "POST"))
def maker() -> Any:
    house = reads.get_maker()
    form = MakerForm(obj=house)
    if not form.is_submitted():
        form.payout_forms.data = house.payout_forms.split(",")
    if form.validate_on_submit():
        values = {name: form[name].data for name in MakerFacts.__dataclass_fields__}
        values["levels_open"] = tuple(values["levels_open"])
        values["payout_forms"] = ",".join(in_order(values["payout_forms"]))
        try:
            service.save_maker(actor(), MakerFacts(**values))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("partners.maker")
    status = 422 if form.is_submitted() else 200
    entries = audit.history("maker", house.id)
    return show("partners/maker.html", form=form, house=house, entries=entries), status
