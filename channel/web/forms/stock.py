"""Forms of inventory reports: which period, which file, why again, how long stock shall last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from channel.queries.stock_advice import COVER_DAYS, COVER_DAYS_MAX, SAFETY_DAYS
from channel.web.forms.fields import ChoiceField, Form, IdField, TextField
from contracts.values.periods import Period, preceding

MONTHS_OFFERED = 12
WEEKS_OFFERED = 6


class ChooseForm(Form):
    """Whose report of which period; sent with GET, so that the address can be kept."""

    class Meta:
        csrf = False

    period = ChoiceField(_l("period"), [DataRequired()])
    distributor_id = IdField(_l("distributor"), [DataRequired()])


class FileForm(Form):
    file = FileField(_l("filled form (XLSX or CSV)"))
    pasted = TextAreaField(_l("pasted cells"))


class ConfirmForm(Form):
    reason = TextField(_l("why the report is filed again"), [Length(max=500)])


class AdviceForm(Form):
    """The days that safety stock and a suggested order shall cover."""

    class Meta:
        csrf = False

    safety_days = IntegerField(
        _l("safety days"), [Optional(), NumberRange(0, COVER_DAYS_MAX)], default=SAFETY_DAYS
    )
    cover_days = IntegerField(
        _l("days an order covers"), [Optional(), NumberRange(1, COVER_DAYS_MAX)],
        default=COVER_DAYS,
    )  # fmt: skip
    product_id = IdField(_l("product in the chart"), [Optional()])


def period_choices(today: date) -> dict[str, list[tuple[str, str]]]:
    """The months and weeks that are over, newest first, in two groups."""
    month = Period.containing(today + timedelta(days=1), "month")
    months: list[tuple[str, str]] = []
    while len(months) < MONTHS_OFFERED:
        month = Period.containing(month.start - timedelta(days=1), "month")
        months.append((month.label, month.label))
    monday = today + timedelta(days=1)
    monday -= timedelta(days=monday.weekday())
    weeks = []
    for n in range(1, WEEKS_OFFERED + 1):
        week = Period(monday - timedelta(days=7 * n), monday - timedelta(days=7 * (n - 1)))
        weeks.append((week.label, f"{week.start.isoformat()} – {week.last_day.isoformat()}"))
    return {_("Months"): months, _("Weeks"): weeks}


def last_month(today: date) -> Period:
    """The newest month that is over."""
    return preceding(today + timedelta(days=1), "month")


def column_choices(form: Mapping[str, str], labels: list[str]) -> dict[str, str]:
    """File label → field, from selects named column-N in the order of the labels."""
    return {label: form.get(f"column-{n}", "") for n, label in enumerate(labels)}


def month_asked(text: str, today: date) -> Period:
    """The month of the address, else the last one that is over."""
    last = last_month(today)
    try:
        asked = Period.parse(text)
    except ValueError:
        return last
    return asked if asked.kind == "month" and asked.start <= last.start else last
