"""Caps: how many contracts each area takes at each level, and how many it has."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import caps as reads
from channel.queries import partners, territories
from channel.services import caps as service
from channel.services.work import Refused
from channel.web.forms.caps import CapForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, show

bp = Blueprint("caps", __name__)

PLACES = {"division.unknown": "division_code", "cap.level": "level", "cap.past": "valid_from"}


@page(bp, "/territories/caps", Permission.TERRITORIES_READ, methods=("GET", "POST"))
def index() -> Any:
    """Count of live contracts against each cap today; set a cap from a day on."""
    may_set = may(actor(), Permission.TERRITORIES_WRITE)
    form = CapForm()
    if not form.is_submitted():
        form.valid_from.data = clock.today()
        form.level.data = "prefecture"
        if code := request.args.get("area", "")[:6]:
            form.division_code.data = code
            form.level.data = territories.levels([code], clock.today()).get(code, "prefecture")
    if may_set and form.validate_on_submit():
        try:
            service.set_cap(
                actor(),
                form.division_code.data,
                form.level.data,
                form.most.data or 0,
                form.valid_from.data,
                form.reason.data or "",
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The cap is set."), "success")
            return see_other("caps.index")
    standings = reads.standings(clock.today())
    numbers = {number for one in standings for number in one.contracts}
    rows = reads.cap_rows()
    codes = {row.division_code for row in rows}
    return show(
        "caps/index.html",
        form=form if may_set else None,
        standings=standings,
        holders=reads.holder_names(numbers),
        versions=reads.newest_ids(numbers),
        rows=rows,
        names=territories.names(codes, clock.today()),
        levels_open=partners.get_maker().levels_open,
        today=clock.today(),
    ), 422 if form.is_submitted() else 200


@page(bp, "/territories/caps/<int:id>/end", Permission.TERRITORIES_WRITE, methods=("POST",))
def end(id: int) -> Any:
    service.end_cap(actor(), id)
    flash(_("The cap has ended: the area takes any number of contracts."), "success")
    return see_other("caps.index")
