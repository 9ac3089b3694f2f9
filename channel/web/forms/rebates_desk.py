"""Forms of the rebate desk: a line is contested, answered, put right; a period is exported."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from channel.messages.dunning import OUTCOMES as DISPUTE_OUTCOMES
from channel.messages.rebates_desk import CORRECTIONS
from channel.services.rebates_disputes import Answer, Objection
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, TextField

#: Finding → the field at which it is shown.
PLACES = {
    "dispute.not_its_line": "invoice",
    "dispute.figure_needed": "claimed",
    "dispute.line_needed": "line",
    "dispute.line_standing": "line",
    "dispute.reason_needed": "text",
    "dispute.answer_needed": "reply",
    "dispute.correction_needed": "correction",
    "dispute.document_needed": "document",
    "market.not_a_photo": "text",
    "market.too_large": "text",
    "rebate.export.days": "last",
    "rebate.export.empty": "first",
}
OUTCOMES = {key: word for key, word in DISPUTE_OUTCOMES.items() if key != "withdrawn"}


class ObjectionForm(Form):
    """Which line, what it should say, and why."""

    line = ChoiceField(_l("what is wrong"), [DataRequired()])
    invoice = TextField(_l("invoice"), [Length(max=64)])
    line_no = IntegerField(_l("line of the invoice"), [Optional(), NumberRange(1, 9999)])
    claimed = MoneyField(_l("the figure as you have it"), minimum=None)
    text = TextAreaField(_l("what is wrong with it"), [DataRequired(), Length(max=1000)])

    def objection(self) -> Objection:
        """As typed; the line is «kind:key»."""
        kind, _colon, key = (self.line.data or "").partition(":")
        claimed = self.claimed.data
        return Objection(
            kind,
            self.text.data or "",
            key,
            self.invoice.data or "",
            self.line_no.data or 0,
            None if claimed is None else claimed * 100,
        )


class AnswerForm(Form):
    outcome = ChoiceField(_l("outcome"), [DataRequired()], choices=list(OUTCOMES.items()))
    correction = ChoiceField(
        _l("put right"), choices=[("", _l("nothing to put right")), *CORRECTIONS.items()]
    )
    reply = TextAreaField(_l("answer"), [DataRequired(), Length(max=1000)])

    def answer(self) -> Answer:
        return Answer(self.outcome.data or "", self.reply.data or "", self.correction.data or "")


class SayForm(Form):
    text = TextAreaField(_l("message"), [DataRequired(), Length(max=1000)])


class CorrectForm(Form):
    document = TextField(_l("document"), [DataRequired(), Length(max=100)])


class ExportForm(Form):
    """Statements whose periods lie within the days."""

    first = DayField(_l("from"), [DataRequired()])
    last = DayField(_l("last day"), [DataRequired()])
    lang = ChoiceField(_l("language"), choices=[("zh", _l("Chinese")), ("en", _l("English"))])
    format = ChoiceField(_l("format"), [DataRequired()])
