"""Forms of support: the budget, the planned support, its evidence, the season months."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from channel.messages.supports import SUPPORT_KINDS, TRIGGERS
from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    ManyField,
    MoneyField,
    TextField,
)

PLACES = {
    "support.amount": "amount_fen",
    "support.span": "last_day",
    "support.outside": "on_date",
    "support.group_needed": "group_id",
    "support.file_kind": "file",
}


class BudgetForm(Form):
    """How much for whom, between two days."""

    distributor_id = IdField(_l("distributor"), [DataRequired()])
    title = TextField(_l("purpose"), [DataRequired(), Length(max=200)])
    amount_fen = MoneyField(_l("budget"), [InputRequired()])
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"), [DataRequired()])


class ClaimForm(Form):
    """A support as planned."""

    title = TextField(_l("measure"), [DataRequired(), Length(max=200)])
    kind = ChoiceField(_l("what with"), [DataRequired()], choices=list(SUPPORT_KINDS.items()))
    trigger = ChoiceField(_l("why now"), [DataRequired()], choices=list(TRIGGERS.items()))
    group_id = IdField(_l("product group"))
    on_date = DayField(_l("date"), [DataRequired()])
    asked_fen = MoneyField(_l("planned amount"), [InputRequired()])


class ProofForm(Form):
    """What was used, what proves it, what it brought."""

    seen_version = HiddenField()
    used_fen = MoneyField(_l("used amount"))
    evidence = TextField(_l("evidence: paper and number"), [Length(max=500)])
    file = FileField(_l("picture or PDF"))
    result = TextAreaField(_l("result"), [Length(max=2000)])


class SeasonForm(Form):
    """The season months of one product group."""

    group_id = IdField(_l("product group"), [DataRequired()])
    months = ManyField(
        _l("season months"),
        choices=[(str(n), str(n)) for n in range(1, 13)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
