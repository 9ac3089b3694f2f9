"""Displays and POP: the month's conditions, looks at outlets, standards, and what stands where."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.market import OUTLET_KINDS
from channel.queries import market_areas
from channel.queries import market_display as reads
from channel.services import market_display as service
from channel.services.market_display import Placing
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.fields import DayField, Form, TextField
from channel.web.forms.market import LookForm, PopForm, StandardForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import bp, sent_files, tabs
from channel.web.pages import actor, flash_refusal, page, see_other, show
from contracts.values.periods import Period

#: Rows of the form of a standard.
ITEMS = 12
PLACES = {
    "display.in_future": "checked_on",
    "display.no_standard": "checked_on",
    "pop.consent_needed": "consent_by",
    "market.not_a_photo": "files",
    "market.too_large": "files",
}


class RemovalForm(Form):
    """Since when something no longer stands, and why."""

    removed_on = DayField()
    text = TextField()


def month_of_page() -> Period:
    """The month of the URL, or the present one."""
    try:
        month = Period.parse(request.args.get("month", ""))
        if month.kind == "month":
            return month
    except ValueError:
        pass
    today = clock.today()
    return Period.month(today.year, today.month)


@page(bp, "/market/displays", Permission.MARKET_READ)
def displays() -> Any:
    """The looks of all outlets, below the condition of the month for each distributor."""
    month = month_of_page()
    actions = []
    if may(actor(), Permission.MARKET_HANDLE):
        actions.append(
            {
                "url": url_for("market.standards"),
                "icon": "settings",
                "label": _("Display standards"),
            }
        )
    return lists.answer(
        reads.checks_listing(),
        template="market/displays.html",
        actions=actions,
        tabs=tabs("market.displays"),
        month=month,
        months=market_areas.month_choices(clock.today()),
        report=reads.display_month(actor(), month),
    )


@page(bp, "/market/displays/standards", Permission.MARKET_READ, methods=("GET", "POST"))
def standards() -> Any:
    """What each kind of outlet has to show; a new day begins a new standard."""
    form = StandardForm()
    typed = [
        (request.form.get(f"item-{n}", ""), request.form.get(f"faces-{n}", ""))
        for n in range(ITEMS)
    ]
    if form.validate_on_submit():
        items = [(name, int(f) if f.isdigit() else 0) for name, f in typed]
        try:
            service.set_standard(actor(), form.outlet_kind.data, form.valid_from.data, items)
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("The standard is set."), "success")
            return see_other("market.standards")
    elif not form.is_submitted():
        form.valid_from.data = clock.today()
    status = 422 if form.is_submitted() else 200
    return show(
        "market/standards.html",
        form=form,
        typed=typed,
        standards=reads.standards(),
        kinds=OUTLET_KINDS,
    ), status


@page(bp, "/market/outlets/<int:id>/check", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_check(id: int) -> Any:
    """Count the faces of an outlet's display, item by item."""
    outlet, form = reads.get_outlet(actor(), id), LookForm()
    if not form.is_submitted():
        form.checked_on.data = clock.today()
    standard = reads.standard_on(outlet.kind, form.checked_on.data or clock.today())
    items = standard.items if standard else []
    typed = {n: request.form.get(f"found-{n}", "") for n in range(len(items))}
    if form.validate_on_submit():
        found = {
            name: int(typed[n]) if typed[n].isdigit() else 0
            for n, (name, _faces) in enumerate(items)
        }
        try:
            check_id = service.check_display(
                actor(), id, form.checked_on.data, found, form.note.data or "", sent_files()
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            return see_other("market.display_check", id=check_id)
    status = 422 if form.is_submitted() else 200
    return show(
        "market/check_form.html",
        form=form,
        outlet=outlet,
        items=items,
        typed=typed,
        kinds=OUTLET_KINDS,
    ), status


@page(bp, "/market/displays/<int:id>", Permission.MARKET_READ)
def display_check(id: int) -> Any:
    check = reads.get_check(actor(), id)
    return show(
        "market/check.html",
        check=check,
        score=reads.score_of(check),
        proofs=market_areas.evidence_of("display_check", id),
    )


@page(bp, "/market/pop", Permission.MARKET_READ)
def pop() -> Any:
    """What stands where, below the month's report."""
    month = month_of_page()
    actions = []
    if may(actor(), Permission.MARKET_FILE):
        actions.append(
            {"url": url_for("market.new_pop"), "icon": "plus", "label": _("Place material")}
        )
    return lists.answer(
        reads.pop_listing(),
        template="market/pop.html",
        actions=actions,
        tabs=tabs("market.pop"),
        month=month,
        months=market_areas.month_choices(clock.today()),
        report=reads.pop_month(actor(), month),
    )


@page(bp, "/market/pop/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_pop() -> Any:
    form = PopForm()
    form.outlet_id.choices = [("", _("choose")), *market_areas.outlet_choices(actor())]
    if not form.is_submitted():
        form.placed_on.data = clock.today()
        text = request.args.get("outlet", "")
        form.outlet_id.data = int(text) if text.isdigit() else None
    elif form.validate():
        wish = Placing(**{n: form[n].data for n in Placing.__dataclass_fields__})
        try:
            placement_id = service.place_pop(actor(), wish, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES | {"display.in_future": "placed_on"})
        else:
            flash(_("The material is registered."), "success")
            return see_other("market.pop_record", id=placement_id)
    status = 422 if form.is_submitted() else 200
    return show("market/pop_form.html", form=form), status


@page(bp, "/market/pop/<int:id>", Permission.MARKET_READ)
def pop_record(id: int) -> Any:
    return show(
        "market/pop_record.html",
        placement=reads.get_placement(actor(), id),
        proofs=market_areas.evidence_of("pop_placement", id),
        today=clock.today(),
    )


@page(bp, "/market/pop/<int:id>/remove", Permission.MARKET_FILE, methods=("POST",))
def pop_remove(id: int) -> Any:
    form = RemovalForm()
    form.validate()
    if form.removed_on.data is None:
        flash(_("Choose the day from which it no longer stands."), "danger")
        return see_other("market.pop_record", id=id)
    try:
        service.remove_pop(actor(), id, form.removed_on.data, form.text.data or "")
        flash(_("Done."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("market.pop_record", id=id)
