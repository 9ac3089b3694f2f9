"""Pages about territories: the tree of divisions by date with their holders, and each record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from channel import clock
from channel.access import Permission
from channel.queries import audit
from channel.queries import territories as reads
from channel.queries import territory_holders as holdings
from channel.services import territories as service
from channel.services.territories import DivisionFacts
from channel.services.work import Refused
from channel.web.forms.refusals import show_refusal
from channel.web.forms.territories import DivisionForm, EndForm, VersionForm, level_choices
from channel.web.pages import actor, day_asked, flash_refusal, is_partial, page, see_other, show

bp = Blueprint("territories", __name__)

PLACES = {
    "division.code_shape": "code",
    "division.code_taken": "code",
    "division.unknown": "parent_code",
    "division.parent_needed": "parent_code",
    "division.parent_level": "parent_code",
    "division.too_early": "valid_from",
    "division.unchanged": "name",
}


def _opened(at: str, on: date) -> list[str]:
    """The division and all above it."""
    if len(at) != 6 or not at.isdigit():
        return []
    tree = reads.ancestors([at], on)
    chain, place = [], at
    while place and place not in chain:
        chain.append(place)
        place = tree.get(place) or ""
    return chain


@page(bp, "/territories", Permission.TERRITORIES_READ)
def index() -> Any:
    on, at, text = day_asked(), request.args.get("at", ""), request.args.get("q", "").strip()
    found = reads.find(text, on) if text else []
    opened = _opened(at, on)
    tree = holdings.tree(actor(), opened, on)
    if is_partial() and at:
        return show("territories/branch.html", tree=tree, parent=at, opened=set(opened), on=on)
    return show(
        "territories/index.html",
        tree=tree,
        opened=set(opened),
        on=on,
        today=clock.today(),
        text=text,
        found=found,
        held=holdings.holders(
            actor(), [d.code for d in found if d.valid_from <= on and _holds(d.valid_to, on)], on
        ),
    )


@page(bp, "/territories/suggest", Permission.TERRITORIES_READ)
def suggest() -> Any:
    """Options for a field that asks for a division, by what is typed in it."""
    today = clock.today()
    text = next((v for v in request.args.values() if v.strip()), "")
    found = [d for d in reads.find(text, today, 12) if _holds(d.valid_to, today)]
    return Markup("").join(
        Markup('<option value="{}"></option>').format(f"{escape(d.code)} {escape(d.name)}")
        for d in found
    )


def _holds(valid_to: date | None, on: date) -> bool:
    return valid_to is None or valid_to > on


@page(bp, "/territories/<int:id>", Permission.TERRITORIES_READ)
def record(id: int) -> Any:
    division = reads.get_division(id)
    on = max(day_asked(), division.valid_from)
    if division.valid_to is not None:
        # What has ended is shown as on its last day.
        on = min(on, division.valid_to - timedelta(days=1))
    chain = _opened(division.code, on)
    tree = holdings.tree(actor(), [division.code], on)
    history = reads.history_of(division.code)
    return show(
        "territories/record.html",
        division=division,
        on=on,
        chain=_named(chain[1:], on),
        versions=history,
        successors=reads.successors_of(division.code),
        holders=holdings.holders(actor(), [division.code], on)[division.code],
        parts=tree.below.get(division.code, []),
        through=reads.names(chain, on),
        is_open=division.valid_to is None,
        entries=audit.history(*(("division", d.id) for d in history)),
    )


def _named(codes: Sequence[str], on: date) -> list[tuple[str, str, str]]:
    """(code, name, URL in the tree) of the divisions above, the province first."""
    names, standing = reads.names(codes, on), reads.levels(codes, on)
    return [
        (code, names[code], url_for("territories.index", at=code, on=on.isoformat()))
        for code in reversed(codes)
        # Former codes are in the lineage for the sake of agreements, not on the way up.
        if code in standing
    ]


@page(bp, "/territories/new", Permission.TERRITORIES_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = DivisionForm()
    form.level.choices = level_choices()
    if not form.is_submitted() and (parent := request.args.get("parent", "")):
        form.parent_code.data = parent[:6]
    if form.validate_on_submit():
        facts = DivisionFacts(
            code=form.code.data or "",
            name=form.name.data or "",
            level=form.level.data,
            parent_code=form.parent_code.data,
            valid_from=form.valid_from.data,
            predecessor_code=form.predecessor_code.data or None,
            is_selectable=bool(form.is_selectable.data),
        )
        try:
            record_id = service.create_division(actor(), facts)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The division is added."), "success")
            return see_other("territories.record", id=record_id)
    return show("territories/new.html", form=form), 422 if form.is_submitted() else 200


@page(bp, "/territories/<int:id>/version", Permission.TERRITORIES_WRITE, methods=("GET", "POST"))
def version(id: int) -> Any:
    division = reads.get_division(id)
    form = VersionForm(obj=division)
    if not form.is_submitted():
        form.valid_from.data = None
    if form.validate_on_submit():
        try:
            new_id = service.change_division(
                actor(),
                id,
                code=form.code.data or "",
                name=form.name.data or "",
                parent_code=form.parent_code.data,
                valid_from=form.valid_from.data,
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(
                _("The change is entered; older documents keep what held on their day."), "success"
            )
            return see_other("territories.record", id=new_id)
    status = 422 if form.is_submitted() else 200
    return show("territories/version.html", form=form, division=division), status


@page(bp, "/territories/<int:id>/end", Permission.TERRITORIES_WRITE, methods=("GET", "POST"))
def end(id: int) -> Any:
    division = reads.get_division(id)
    form = EndForm()
    if form.validate_on_submit():
        try:
            service.end_division(actor(), id, form.valid_to.data)
        except Refused as refused:
            show_refusal(form, refused, {"division.": "valid_to"})
        else:
            flash(_("The end of the division is entered."), "success")
            return see_other("territories.record", id=id)
    status = 422 if form.is_submitted() else 200
    return show("territories/end.html", form=form, division=division), status


@page(bp, "/territories/<int:id>/offer", Permission.TERRITORIES_WRITE, methods=("POST",))
def offer(id: int) -> Any:
    is_selectable = request.form.get("offer") == "1"
    try:
        service.set_selectable(actor(), id, is_selectable)
    except Refused as refused:
        flash_refusal(refused)
    return see_other("territories.record", id=id)
