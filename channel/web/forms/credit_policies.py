"""The form of a credit policy: two control points, the overdue ladder in rows, and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from channel.messages.credit_policies import BUCKETS, MODES, PREPAID, STEPS
from channel.services.credit_policies import Draft
from channel.web.forms.fields import ChoiceField, DayField, Form, ManyField, MoneyField, TextField
from channel.web.forms.sentences import SENTENCES
from credit.exposure import Bucket
from credit.holds import OverdueRule, Point, Step
from credit.policy import Control, CreditPolicy, Ladder, Mode

#: Rows of the ladder that are offered beside those in use; no policy needs more than the most.
SPARE_ROWS = 3
MOST_ROWS = 40

#: Finding → the field at which it is shown.
PLACES = {"credit_policy.past": "valid_from", "credit_policy.reason_needed": "reason"}

_DAYS = [Optional(), NumberRange(0, 3650)]


class PolicyForm(Form):
    valid_from = DayField(_l("valid from"), [DataRequired()])
    grace_days = IntegerField(_l("days of grace"), [InputRequired(), NumberRange(0, 365)])
    prepaid = ChoiceField(_l("paid in advance"), [DataRequired()], choices=list(PREPAID.items()))
    reason = TextField(_l("reason"), [DataRequired(), Length(max=500)])


class PlainPart(PlainForm):
    """A part of the form with a prefix of its own; the form that holds it has the token."""

    class Meta:
        def get_translations(self, form: Any) -> Any:
            return SENTENCES


class ControlForm(PlainPart):
    """One control point; blank is no bound."""

    mode = ChoiceField(_l("when a bound is passed"), [DataRequired()], choices=list(MODES.items()))
    buckets = ManyField(
        _l("what counts beside the document"),
        choices=list(BUCKETS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    horizon_days = IntegerField(_l("horizon of open orders (days)"), _DAYS)
    oldest_days = IntegerField(_l("oldest item overdue (days)"), _DAYS)
    largest_fen = MoneyField(_l("largest document incl. VAT"))
    longest_days = IntegerField(_l("longest payment term (days)"), _DAYS)

    def control(self) -> Control:
        return Control(
            mode=Mode(self.mode.data),
            buckets=frozenset(map(Bucket, self.buckets.data or ())),
            horizon_days=self.horizon_days.data,
            oldest_days=self.oldest_days.data,
            largest_fen=self.largest_fen.data,
            longest_days=self.longest_days.data,
        )

    def fill(self, control: Control) -> None:
        self.mode.data = control.mode.value
        self.buckets.data = [each.value for each in Bucket if each in control.buckets]
        self.horizon_days.data, self.oldest_days.data = control.horizon_days, control.oldest_days
        self.largest_fen.data, self.longest_days.data = control.largest_fen, control.longest_days


class RuleForm(PlainPart):
    """One row of the ladder; blank days and step pass it over."""

    grade = TextField(_l("credit grade"), [Length(max=8)])
    over_days = IntegerField(_l("overdue by more than (days)"), _DAYS)
    tolerance_fen = MoneyField(_l("more than (amount)"))
    step = ChoiceField(_l("what follows"), choices=[("", "—"), *STEPS.items()],
                       validate_choice=False)  # fmt: skip

    @property
    def is_blank(self) -> bool:
        days = self.over_days.raw_data or [""]
        return not (days[0].strip() or self.step.data or self.grade.data)


@dataclass
class Parts:
    """The whole form: its head, the two points, the rows of the ladder, sentences on the rows."""

    head: PolicyForm
    points: dict[str, ControlForm]
    rows: list[RuleForm]
    errors: list[str]

    def spare(self) -> list[RuleForm]:
        return [RuleForm() for _n in range(SPARE_ROWS)]

    def errors_in_order(self) -> list[tuple[Any, str]]:
        """(field, message) of all parts, for the summary on top."""
        parts = (self.head, *self.points.values())
        return [(f, str(m)) for part in parts for f in part for m in f.errors if isinstance(m, str)]


def shown(policy: CreditPolicy) -> Parts:
    """The form filled with a policy, to be changed."""
    head = PolicyForm()
    head.grace_days.data, head.prepaid.data = policy.grace_days, policy.prepaid
    points = {point.value: ControlForm(prefix=f"{point.value}-") for point in Point}
    for point in Point:
        points[point.value].fill(policy.at(point))
    rows = []
    for ladder in policy.ladders:
        for rule in ladder.rules:
            row = RuleForm()
            row.grade.data, row.over_days.data = ladder.grade, rule.over_days
            row.tolerance_fen.data, row.step.data = rule.tolerance_fen, rule.step.value
            rows.append(row)
    return Parts(head, points, rows, [])


def read(form: Mapping[str, Any]) -> tuple[Parts, Draft | None]:
    """The form as typed, and the draft where all of it can be read."""
    points = {point.value: ControlForm(form, prefix=f"{point.value}-") for point in Point}
    parts = Parts(PolicyForm(), points, [], [])
    ladders: dict[str, list[OverdueRule]] = {}
    numbers = {name.split("-")[1] for name in form if name.startswith("rule-")}
    for number in sorted(int(n) for n in numbers if n.isdecimal())[:MOST_ROWS]:
        row = RuleForm(form, prefix=f"rule-{number}-")
        is_readable = row.validate()
        if row.is_blank:
            continue
        parts.rows.append(row)
        rule = _rule(row) if is_readable else None
        if rule is None:
            parts.errors.append(_row_error(row, len(parts.rows)))
        else:
            ladders.setdefault(row.grade.data or "", []).append(rule)
    are_valid = [parts.head.validate(), *(point.validate() for point in points.values())]
    if not all(are_valid) or parts.errors:
        return parts, None
    policy = CreditPolicy(
        order=points["order"].control(),
        shipment=points["shipment"].control(),
        ladders=tuple(Ladder(grade, tuple(rules)) for grade, rules in sorted(ladders.items())),
        grace_days=parts.head.grace_days.data or 0,
        prepaid=parts.head.prepaid.data,
    )
    return parts, Draft(policy, parts.head.valid_from.data, parts.head.reason.data or "")


def _rule(row: RuleForm) -> OverdueRule | None:
    if row.over_days.data is None or not row.step.data:
        return None
    return OverdueRule(row.over_days.data, Step(row.step.data), row.tolerance_fen.data or 0)


def _row_error(row: RuleForm, number: int) -> str:
    for field in row:
        for message in field.errors:
            row_name = _("row %(n)s", n=number)
            return _(
                "%(row)s, %(field)s: %(error)s", row=row_name, field=field.label.text, error=message
            )
    return _("Row %(n)s of the overdue ladder lacks its days or its step.", n=number)
