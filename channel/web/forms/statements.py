"""The form of statements in batch."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from channel import clock
from channel.services.account_statements import Wish
from channel.web.forms.fields import ChoiceField, DayField, Form


class BatchForm(Form):
    """By whom they are chosen, and the value of that choice; the others are not looked at."""

    by = ChoiceField(
        _l("for"),
        [DataRequired()],
        choices=[
            ("all", _l("all distributors")),
            ("territory", _l("a territory")),
            ("class", _l("a class")),
            ("rep", _l("a sales rep")),
        ],
        default="all",
    )
    territory = ChoiceField(_l("territory"), choices=[])
    class_code = ChoiceField(_l("class of distributor"), choices=[])
    rep = ChoiceField(_l("sales rep"), choices=[])
    first = DayField(_l("period from"), [DataRequired()])
    last = DayField(_l("period to"), [DataRequired()])
    lang = ChoiceField(_l("language"), choices=[("zh", _l("Chinese")), ("en", _l("English"))])
    with_mail = BooleanField(_l("tell each distributor by mail"))

    def wish(self) -> Wish:
        today = clock.today()
        field: Any = {"territory": self.territory, "class": self.class_code, "rep": self.rep}.get(
            self.by.data
        )
        value = (field.data or "") if field is not None else ""
        label = dict(field.choices).get(value, "") if field is not None else ""
        return Wish(
            by=self.by.data,
            value=str(value),
            label=str(label),
            first=self.first.data or today,
            last=self.last.data or today,
            lang=self.lang.data or "zh",
            with_mail=bool(self.with_mail.data),
        )
