"""Forms of dunning, promises and disputes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from channel import clock
from channel.messages.dunning import COMPUTATION_WORDS, DISPUTE_REASONS, OUTCOMES
from channel.services.promises import Word
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, TextField
from credit.dunning import Level, Policy

#: So many levels can be written.
LEVELS = (1, 2, 3, 4)

#: Finding → the field at which it is shown.
PLACES = {
    "dunning.policy.empty": "delay_1",
    "dunning.policy.first_previous": "computation_1",
    "promise.amount": "amount_fen",
    "promise.past": "due_on",
    "promise.future": "made_on",
    "dispute.amount": "amount_fen",
    "dispute.reason_needed": "reason",
}


class PolicyForm(Form):
    """The levels one beside another; a level without days is not used."""

    account = TextField(_l("payment account"), [Length(max=300)])
    remind_before = IntegerField(
        _l("remind before, days"), [InputRequired(), NumberRange(min=0, max=30)]
    )
    remind_after = IntegerField(
        _l("remind after, days"), [InputRequired(), NumberRange(min=0, max=30)]
    )

    def fill(self, policy: Policy) -> None:
        """Show a policy."""
        self.account.data = policy.account
        self.remind_before.data = policy.remind_before
        self.remind_after.data = policy.remind_after
        for number, level in enumerate(policy.levels[: len(LEVELS)], 1):
            for name in _LEVEL_FIELDS:
                self[f"{name}_{number}"].data = getattr(level, name)

    def policy(self) -> Policy:
        """What was typed; levels up to the first one without days."""
        levels = []
        for number in LEVELS:
            typed: dict[str, Any] = {n: self[f"{n}_{number}"].data for n in _LEVEL_FIELDS}
            if typed["delay"] is None:
                break
            typed["minimum_fen"] = typed["minimum_fen"] or 0
            typed["pay_within"] = 7 if typed["pay_within"] is None else typed["pay_within"]
            levels.append(Level(**typed))
        return Policy(
            tuple(levels),
            (self.account.data or "").strip(),
            self.remind_before.data or 0,
            self.remind_after.data or 0,
        )


_LEVEL_FIELDS = ("delay", "computation", "minimum_fen", "pay_within", "text_zh", "text_en")
for _number in LEVELS:
    _fields = (
        IntegerField(_l("days"), [Optional(), NumberRange(min=1, max=999)]),
        ChoiceField(_l("way of counting"), choices=list(COMPUTATION_WORDS.items())),
        MoneyField(_l("least amount")),
        IntegerField(_l("days to pay"), [Optional(), NumberRange(min=0, max=90)]),
        TextAreaField(_l("words, Chinese"), [Length(max=1000)]),
        TextAreaField(_l("words, English"), [Length(max=1000)]),
    )
    for _name, _field in zip(_LEVEL_FIELDS, _fields, strict=True):
        setattr(PolicyForm, f"{_name}_{_number}", _field)


class PromiseForm(Form):
    amount_fen = MoneyField(_l("amount"), [InputRequired()], minimum=1)
    due_on = DayField(_l("promised for"), [DataRequired()])
    made_on = DayField(_l("promised on"), [DataRequired()])
    promised_by = TextField(_l("promised by"), [Length(max=100)])
    note = TextField(_l("note"), [Length(max=500)])

    def word(self, currency: str) -> Word:
        today = clock.today()
        return Word(
            amount_fen=self.amount_fen.data or 0,
            made_on=self.made_on.data or today,
            due_on=self.due_on.data or today,
            promised_by=self.promised_by.data or "",
            note=self.note.data or "",
            currency=currency,
        )


class DisputeForm(Form):
    kind = ChoiceField(_l("ground"), [DataRequired()], choices=list(DISPUTE_REASONS.items()))
    amount_fen = MoneyField(_l("disputed amount"), [InputRequired()], minimum=1)
    reason = TextAreaField(_l("what is wrong"), [DataRequired(), Length(max=1000)])


class CloseForm(Form):
    outcome = ChoiceField(_l("outcome"), [DataRequired()], choices=list(OUTCOMES.items()))
    note = TextAreaField(_l("note"), [DataRequired(), Length(max=1000)])
