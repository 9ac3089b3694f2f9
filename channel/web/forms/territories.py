"""Forms about divisions, and the field by which every form asks for one."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import TextInput

from channel import clock
from channel.messages import remedy, sentence
from channel.messages.texts import WORDS
from channel.queries import territories
from channel.web.forms.fields import ChoiceField, DayField, Form, TextField
from contracts.values.findings import block


class DivisionField(Field):
    """A place as code, «code name» or full name; its data is the six-digit code, blank is None.

    The division must bear the code today; what was typed stays in the field.
    """

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if not self.data:
            return ""
        return f"{self.data} {territories.names([self.data], clock.today())[self.data]}".strip()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.typed, self.data = text, None
        if not text:
            return
        today = clock.today()
        found = territories.resolve(text, today)
        if len(found) == 1:
            self.data = found[0].code
            return
        if found:
            finding = block(
                "division.several",
                value=text,
                found=tuple(f"{d.code} {d.name}" for d in found),
            )
        else:
            finding = block("division.unknown", value=text, on=today)
        raise ValueError(f"{sentence(finding)} {remedy(finding)}")


def level_choices() -> list[tuple[str, str]]:
    return [("", _("choose")), *((key, str(word)) for key, word in WORDS["level"].items())]


class DivisionForm(Form):
    """A new division."""

    code = TextField(
        _l("division code"),
        [DataRequired(), Regexp(r"\d{6}$", message=_l("A division code has six digits."))],
    )
    name = TextField(_l("name"), [DataRequired(), Length(max=60)])
    level = ChoiceField(_l("level"), [DataRequired()])
    parent_code = DivisionField(_l("division above"))
    valid_from = DayField(_l("valid from"), [DataRequired()])
    predecessor_code = TextField(
        _l("former code"),
        [Regexp(r"(\d{6})?$", message=_l("A division code has six digits."))],
    )
    is_selectable = BooleanField(_l("offered as territory"), default=True)


class VersionForm(Form):
    """A new name, code or parent of a division, from a date on."""

    code = TextField(
        _l("division code"),
        [DataRequired(), Regexp(r"\d{6}$", message=_l("A division code has six digits."))],
    )
    name = TextField(_l("name"), [DataRequired(), Length(max=60)])
    parent_code = DivisionField(_l("division above"))
    valid_from = DayField(_l("valid from"), [DataRequired()])


class EndForm(Form):
    """The first day on which the division is no more."""

    valid_to = DayField(_l("no longer from"), [DataRequired()])
