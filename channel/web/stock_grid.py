"""A report typed into the page: one line for each of the distributor's goods, then checked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.stock import COLUMNS
from channel.models.partners import Distributor
from channel.queries import stock_facts
from channel.queries.scope import get_visible
from channel.services import stock as service
from channel.services.work import Refused
from channel.tabular.report_json import write_rows
from channel.web.forms import stock_grid as forms
from channel.web.forms.stock import last_month
from channel.web.pages import actor, page, see_other, show
from contracts.values.findings import Finding
from contracts.values.periods import Period

bp = Blueprint("stock_grid", __name__)


@page(bp, "/stock/grid", Permission.STOCK_FILE, methods=("GET", "POST"))
def grid() -> Any:
    who = actor()
    asked = who.distributor_id or request.args.get("distributor_id", type=int)
    if not asked:
        return see_other("stock.file")
    owner = get_visible(who, Distributor, asked)
    period = _period()
    form = forms.GridForm()
    given = forms.lines_of(stock_facts.form_lines(owner.id, period))
    lines = forms.typed_lines(request.form, given) if request.method == "POST" else given
    found: list[Finding] = []
    is_empty = False
    if form.validate_on_submit():
        rows = forms.rows_of(lines)
        try:
            if rows:
                name = _("typed-in-%(period)s", period=period.label)
                got = service.receive_report(
                    who, owner.id, period, f"{name}.json", write_rows(rows)
                )
                if got.is_known:
                    flash(_("This very file is here already; nothing was doubled."), "info")
                return see_other("stock.review", id=got.upload_id)
            flash(_("Nothing was typed in."), "warning")
            is_empty = True
        except Refused as refused:
            found = refused.findings
    return show(
        "stock/grid.html", form=form, lines=lines, owner=owner, period=period, found=found,
        main=forms.MAIN, more=forms.MORE, columns=COLUMNS,
    ), 422 if found or form.errors or is_empty else 200  # fmt: skip


def _period() -> Period:
    """The period of the address, or the newest that is over."""
    try:
        return Period.parse(request.args.get("period", ""))
    except ValueError:
        return last_month(clock.today())
