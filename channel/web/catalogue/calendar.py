"""Pages about the working-day calendar: a year with its days off, and each day."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.queries import catalogue as reads
from channel.services import catalogue as service
from channel.services.work import Refused
from channel.web.catalogue.blueprint import bp
from channel.web.forms.catalogue import CalendarDayForm
from channel.web.pages import actor, flash_refusal, page, see_other, show


def _year() -> int:
    text = request.args.get("year", "")
    year = int(text) if text.isdigit() and len(text) == 4 else clock.today().year
    return min(max(year, 1991), 2099)


@page(bp, "/calendar", Permission.CATALOGUE_READ)
def calendar() -> Any:
    """The months of a year, with what differs from Monday to Friday."""
    year = _year()
    work_calendar = reads.work_calendar()
    days = reads.working_days(year)
    weeks = [(month, months.Calendar().monthdatescalendar(year, month)) for month in range(1, 13)]
    worked = {
        month: sum(
            work_calendar.is_working(day) for week in rows for day in week if day.month == month
        )
        for month, rows in weeks
    }
    return show(
        "catalogue/calendar.html",
        year=year,
        today=clock.today(),
        months=weeks,
        worked=worked,
        days=days,
        calendar=work_calendar,
        is_forecast=work_calendar.is_forecast(date(year, 1, 1)),
    )


#: What a day can be: as the week says, off, or worked.
DAY_KINDS = {"week": None, "off": False, "work": True}


@page(bp, "/calendar/<day>", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def calendar_day(day: str) -> Any:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    known = reads.working_days(on.year).get(on)
    form = CalendarDayForm()
    form.kind.choices = [
        ("week", _("as every week (worked)") if on.weekday() < 5 else _("as every week (off)")),
        ("off", _("a day off")),
        ("work", _("a working day")),
    ]
    form.state.choices = [("official", _("the yearly notice")), ("forecast", _("a forecast"))]
    if not form.is_submitted() and known is not None:
        form.kind.data = "work" if known.is_working else "off"
        form.name.data, form.state.data = known.name, known.state
    if form.validate_on_submit():
        service.set_day(
            actor(), on, DAY_KINDS[form.kind.data], form.name.data or "", form.state.data
        )
        flash(_("The day is entered."), "success")
        return see_other("catalogue.calendar", year=on.year)
    status = 422 if form.is_submitted() else 200
    return show("catalogue/day.html", form=form, on=on), status


@page(bp, "/calendar/<int:year>/official", Permission.CATALOGUE_WRITE, methods=("POST",))
def calendar_official(year: int) -> Any:
    try:
        service.mark_official(actor(), year)
        flash(_("The year %(year)s is marked as official.", year=str(year)), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("catalogue.calendar", year=year)
