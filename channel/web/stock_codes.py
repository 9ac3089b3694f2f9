"""Pages of a distributor's own codes and units: the lists, one decision, how it counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel.access import Permission
from channel.models.partners import Distributor
from channel.queries import audit, partners
from channel.queries import stock_codes as reads
from channel.queries.scope import get_visible
from channel.services import stock_codes as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms import stock_codes as forms
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("stock_codes", __name__)


def _tabs(here: str) -> list[dict[str, Any]]:
    tabs = [
        ("stock.index", _("Inventory reports")),
        ("stock_codes.index", _("Own codes")),
        ("stock_codes.units", _("Own units")),
        ("stock_codes.habit", _("Way of counting")),
    ]
    return [{"url": url_for(name), "label": label, "here": name == here} for name, label in tabs]


def _actions(endpoint: str, label: str) -> list[dict[str, str]]:
    return [{"url": url_for(endpoint), "icon": "plus", "label": label}]


@page(bp, "/stock/codes", Permission.STOCK_FILE)
def index() -> Any:
    note = _("What a code of a distributor's own means is decided once and used for every report.")
    return lists.answer(
        reads.CODES, actions=_actions("stock_codes.new", _("Add a code")),
        tabs=_tabs("stock_codes.index"), subtitle=note,
    )  # fmt: skip


@page(bp, "/stock/units", Permission.STOCK_FILE)
def units() -> Any:
    note = _("How many of our base units one unit of the distributor's is.")
    return lists.answer(
        reads.UNITS, actions=_actions("stock_codes.new_unit", _("Add a unit")),
        tabs=_tabs("stock_codes.units"), subtitle=note,
    )  # fmt: skip


def _owners(form: Any) -> None:
    """Whose codes: a distributor's own people choose nobody."""
    who = actor()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    if who.is_distributor:
        form.distributor_id.data = who.distributor_id


@page(bp, "/stock/codes/new", Permission.STOCK_FILE, methods=("GET", "POST"))
def new() -> Any:
    form = forms.CodeForm()
    form.product.choices = forms.product_choices(reads.goods())
    _owners(form)
    return _save(form, form.written.data, "code", "stock_codes.index")


@page(bp, "/stock/units/new", Permission.STOCK_FILE, methods=("GET", "POST"))
def new_unit() -> Any:
    form = forms.UnitForm()
    form.product.choices = forms.product_choices(reads.goods(), for_unit=True)
    _owners(form)
    return _save(form, form.written.data, "unit", "stock_codes.units")


def _save(form: Any, written: str | None, kind: str, back: str) -> Any:
    title = _("Add a code") if kind == "code" else _("Add a unit")
    if form.validate_on_submit():
        owner = get_visible(actor(), Distributor, form.distributor_id.data)
        said = form.said(written or "")
        codes, units = ([said], []) if kind == "code" else ([], [said])
        try:
            service.save_words(actor(), owner.id, codes, units)
        except Refused as refused:
            show_refusal(form, refused, forms.PLACES)
        else:
            flash(_("Remembered for every further report."), "success")
            return see_other(back)
    return show("stock/word.html", form=form, kind=kind, title=title, back=back, record=None,
                entries=[]), 422 if form.errors else 200  # fmt: skip


@page(bp, "/stock/codes/<int:id>", Permission.STOCK_FILE, methods=("GET", "POST"))
def record(id: int) -> Any:
    row = reads.get_code(actor(), id)
    form = forms.CodeForm(data=forms.code_data(row))
    form.product.choices = forms.product_choices(reads.goods(), row.product)
    del form.distributor_id
    del form.written
    if form.validate_on_submit():
        try:
            service.change_code(actor(), id, form.said(row.written), seen_version())
        except Refused as refused:
            show_refusal(form, refused, forms.PLACES)
        else:
            flash(_("Remembered for every further report."), "success")
            return see_other("stock_codes.record", id=id)
    return _record(form, row, "code", "stock_codes.index")


@page(bp, "/stock/units/<int:id>", Permission.STOCK_FILE, methods=("GET", "POST"))
def unit(id: int) -> Any:
    row = reads.get_unit(actor(), id)
    form = forms.UnitForm(data=forms.unit_data(row))
    del form.distributor_id
    del form.written
    del form.product
    if form.validate_on_submit():
        product = row.product.code if row.product else ""
        try:
            service.change_unit(actor(), id, form.said(row.written, product), seen_version())
        except Refused as refused:
            show_refusal(form, refused, forms.PLACES)
        else:
            flash(_("Remembered for every further report."), "success")
            return see_other("stock_codes.unit", id=id)
    return _record(form, row, "unit", "stock_codes.units")


def _record(form: Any, row: Any, kind: str, back: str) -> Any:
    title = (
        _("Own code %(code)s", code=row.written)
        if kind == "code"
        else _("Own unit %(unit)s", unit=row.written)
    )
    return show(
        "stock/word.html", form=form, kind=kind, title=title, back=back, record=row,
        owner=get_visible(actor(), Distributor, row.distributor_id),
        entries=audit.history((f"stock_{kind}", row.id)),
    ), 422 if form.errors else 200  # fmt: skip


@page(bp, "/stock/codes/<int:id>/forget", Permission.STOCK_FILE, methods=("POST",))
def forget(id: int) -> Any:
    service.forget_code(actor(), id, seen_version())
    flash(_("The code is asked for again with the next report."), "success")
    return see_other("stock_codes.index")


@page(bp, "/stock/units/<int:id>/forget", Permission.STOCK_FILE, methods=("POST",))
def forget_unit(id: int) -> Any:
    service.forget_unit(actor(), id, seen_version())
    flash(_("The unit is asked for again with the next report."), "success")
    return see_other("stock_codes.units")


@page(bp, "/stock/habit", Permission.STOCK_FILE, methods=("GET", "POST"))
def habit() -> Any:
    who = actor()
    asked = request.values.get("distributor_id", type=int)
    owner_id = who.distributor_id if who.is_distributor else asked
    owner = get_visible(who, Distributor, owner_id) if owner_id else None
    row = reads.find_habit(owner.id) if owner else None
    form = forms.HabitForm(data={n: bool(row and getattr(row, n)) for n in reads.BESIDE})
    choose = forms.OwnerForm(request.args)
    choose.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    if owner and form.validate_on_submit():
        habits = {name: bool(form[name].data) for name in reads.BESIDE}
        try:
            service.save_habit(who, owner.id, habits, seen_version())
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("Remembered for every further report."), "success")
        return see_other("stock_codes.habit", distributor_id=owner.id)
    return show(
        "stock/habit.html", form=form, choose=choose, owner=owner, record=row,
        tabs=_tabs("stock_codes.habit"),
    )  # fmt: skip
