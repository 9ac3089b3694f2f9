"""The form of a return; the quantities stand in the table of the invoice's lines."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from channel.web.forms.fields import DayField, Form


class ReturnForm(Form):
    on = DayField(_l("booked on"), [DataRequired()])
    is_goods_back = BooleanField(_l("the goods came back"), default=True)
    reason = TextAreaField(_l("reason"), [DataRequired(), Length(max=500)])
    key = HiddenField()


def read_quantities(line_ids: Iterable[int]) -> tuple[dict[int, int], dict[int, str], list[str]]:
    """(units by line, what was typed by line, sentences about what cannot be read)."""
    units: dict[int, int] = {}
    typed: dict[int, str] = {}
    wrong = []
    for line_id in line_ids:
        text = request.form.get(f"line-{line_id}", "").strip().replace(",", "")
        typed[line_id] = text
        if text in ("", "0"):
            continue
        if text.isascii() and text.isdigit() and len(text) <= 9:
            units[line_id] = int(text)
        else:
            wrong.append(_("«%(value)s» is no quantity: enter a whole number.", value=text))
    return units, typed, wrong
