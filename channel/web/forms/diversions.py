"""Forms of findings, trace codes and consequences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from channel.messages.diversions import BASIS_WORDS, LEVEL_WORDS, RUNG_WORDS
from channel.services.trace_codes import Binding
from channel.web.forms.fields import ChoiceField, DayField, Form, IdField, MoneyField, TextField
from channel.web.forms.market import photos
from channel.web.forms.territories import DivisionField
from contracts.consequences import MONEY_RUNGS, Consequence


class FindingForm(Form):
    code = TextField(_l("trace code"), [Length(max=64)])
    distributor_id = IdField(_l("shipped to, where no code can be read"), [Optional()])
    division_code = DivisionField(_l("division of the place"), [DataRequired()])
    place = TextField(_l("place"), [DataRequired(), Length(max=255)])
    found_on = DayField(_l("found on"), [DataRequired()])
    quantity = IntegerField(_l("packs found"), [InputRequired(), NumberRange(1)], default=1)
    note = TextAreaField(_l("what happened"), [Length(max=1000)])
    files = photos()


class CodesForm(Form):
    line_id = IdField(_l("line"), [DataRequired()])
    level = ChoiceField(_l("on"), choices=list(LEVEL_WORDS.items()), default="case")
    first = TextField(_l("first code"), [DataRequired(), Length(max=64)])
    last = TextField(_l("last code"), [Length(max=64)])
    units_each = IntegerField(
        _l("base units under one code"), [InputRequired(), NumberRange(1)], default=1
    )
    parent = TextField(_l("code of the case or pallet"), [Length(max=64)])

    def binding(self) -> Binding:
        return Binding(
            self.line_id.data or 0,
            self.level.data or "case",
            self.first.data or "",
            self.last.data or "",
            self.units_each.data or 1,
            self.parent.data or "",
        )


class ConsequenceForm(Form):
    kind = ChoiceField(
        _l("consequence"), choices=[("", _l("none")), *RUNG_WORDS.items()], default=""
    )
    amount_fen = MoneyField(_l("amount"))
    basis = ChoiceField(_l("where the amount comes from"), choices=list(BASIS_WORDS.items()))
    why = TextField(_l("reason for the consequence or its amount"), [Length(max=500)])
    start = DayField(_l("first day"), [Optional()])
    end = DayField(_l("last day (empty: until lifted)"), [Optional()])

    def consequence(self) -> Consequence | None:
        """What was chosen; None: nothing follows."""
        kind = self.kind.data or ""
        if not kind:
            return None
        return Consequence(
            kind,
            (self.amount_fen.data or 0) if kind in MONEY_RUNGS else 0,
            (self.basis.data or "contract"),
            self.why.data or "",
            self.start.data,
            self.end.data if kind == "stop" else None,
        )


class DecisionForm(ConsequenceForm):
    upheld = ChoiceField(
        _l("what it turned out to be"),
        choices=[
            ("", _l("choose")),
            ("1", _l("confirmed: goods were sold outside the territory")),
            ("0", _l("not confirmed: it counts against nobody")),
        ],
        default="",
    )
    result = TextAreaField(_l("decision in words"), [Length(max=4000)])


class NoticeForm(Form):
    text = TextAreaField(_l("what is wrong and what is asked"), [Length(max=4000)])
    reply_by = DayField(_l("to be answered by"), [Optional()])
