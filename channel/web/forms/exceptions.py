"""Forms of exceptions: the application, the review, the bands of approvers, the absence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from channel.access import Role
from channel.messages.coded import EXCEPTION_TYPES, ROLES
from channel.messages.exceptions import CLASSES, OUTCOMES
from channel.services.steps.applications import ASKED, Application
from channel.web.forms.fields import (
    BasisPointsField,
    ChoiceField,
    DayField,
    Form,
    IdField,
    ManyField,
    MoneyField,
    TextField,
)
from channel.web.forms.territories import DivisionField

#: Finding code → the field that must be mended.
PLACES = {
    "exception.reason_needed": "reason",
    "exception.end_needed": "last_day",
    "exception.span": "last_day",
    "exception.too_long": "last_day",
    "exception.grounds_needed": "ground_means",
    "exception.means_needed": "ground_means",
    "exception.incumbents_needed": "ground_incumbents",
    "exception.area_full": "ground_incumbents",
    "exception.no_agreement": "valid_from",
    "exception.review_outside": "review_first",
    "exception.days_most": "extra_days",
    "division.unknown": "division_code",
    "outcome.reason_needed": "reason",
    "outcome.no_decision": "decision",
    "outcome.end_past": "ends_on",
    "approval.band_stage": "roles_1",
    "absence.span": "last_day",
    "absence.past": "last_day",
    "absence.delegate": "delegate_id",
    "absence.delegate_away": "delegate_id",
}


class ExceptionForm(Form):
    """The application. Which figures are asked for depends on its type."""

    type = HiddenField()
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    floor_fen = MoneyField(_l("minimum shipment asked for"))
    amount_fen = MoneyField(_l("amount asked for"))
    division_code = DivisionField(_l("division asked for"))
    product_id = IdField(_l("product"), [Optional()])
    unit_gross_fen = MoneyField(_l("special price incl. VAT"))
    max_quantity = IntegerField(_l("quantity at this price"), [Optional(), NumberRange(1)])
    extra_days = IntegerField(_l("days later"), [Optional(), NumberRange(1, 365)])
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"))
    max_uses = IntegerField(_l("at most so many shipments or orders"), [Optional(), NumberRange(1)])
    max_value_fen = MoneyField(_l("at most this value in all"))
    reason = TextAreaField(_l("reason"), [Length(max=2000)])
    ground_means = TextAreaField(_l("the customer's means"), [Length(max=2000)])
    ground_market = TextAreaField(_l("the market's buying power"), [Length(max=2000)])
    ground_cost = TextAreaField(_l("the cost of serving"), [Length(max=2000)])
    ground_incumbents = TextAreaField(_l("the view of those who hold the area"), [Length(max=2000)])
    expected_sales_fen = MoneyField(_l("sales expected from it"))
    review_first = DayField(_l("first review of the outcome"))
    review_last = DayField(_l("last review of the outcome"))

    def asked_fields(self) -> list[Any]:
        """The fields that say what is asked."""
        return [self[name] for name in ASKED.get(self.type.data or "", ())]

    def application(
        self, subject: tuple[str, int | None], finding: dict[str, Any] | None, earlier: Any = None
    ) -> Application:
        """The form as a typed wish; the last day is turned into the exclusive end."""
        last = self.last_day.data
        days = tuple(f.data for f in (self.review_first, self.review_last) if f.data is not None)
        return Application(
            type=self.type.data or "",
            distributor_id=self.distributor_id.data,
            reason=self.reason.data or "",
            valid_from=self.valid_from.data,
            valid_to=last + timedelta(days=1) if last else None,
            asked={f.name: f.data for f in self.asked_fields()},
            subject_kind=subject[0],
            subject_id=subject[1],
            finding=finding,
            ground_means=self.ground_means.data or "",
            ground_market=self.ground_market.data or "",
            ground_cost=self.ground_cost.data or "",
            ground_incumbents=self.ground_incumbents.data or "",
            expected_sales_fen=self.expected_sales_fen.data,
            max_uses=self.max_uses.data,
            max_value_fen=self.max_value_fen.data,
            review_on=days or None,
            widens_id=earlier.id if earlier is not None else None,
        )


class DecisionForm(Form):
    note = TextAreaField(_l("note"), [Length(max=2000)])
    to_person = ChoiceField(_l("to whom"), validate_choice=False)


class ReviewDaysForm(Form):
    """Up to three days on which the outcome is measured."""

    day_1 = DayField(_l("first review"))
    day_2 = DayField(_l("second review"))
    day_3 = DayField(_l("third review"))

    def days(self) -> list[Any]:
        return [self.day_1, self.day_2, self.day_3]


class ReviewForm(Form):
    """Keep, widen or end."""

    seen_version = HiddenField()
    decision = ChoiceField(
        _l("decision"),
        [DataRequired(message=_l("Choose keep, widen or end."))],
        choices=[("", _l("choose")), *OUTCOMES.items()],
    )
    reason = TextAreaField(_l("reason"), [Length(max=2000)])
    margin_bp = BasisPointsField(_l("gross margin of these goods in percent"))
    ends_on = DayField(_l("rule applies again from"))


class BoardForm(Form):
    """Between which first days of exceptions the board looks."""

    first = DayField(_l("begun from"))
    last = DayField(_l("begun until"))


_SIGNERS = [(r.value, ROLES[r.value]) for r in (Role.CHANNEL_MANAGER, Role.FINANCE, Role.OWNER)]
_MODES = [("any", _l("any one signs")), ("all", _l("all sign"))]


def _roles(label: Any) -> ManyField:
    return ManyField(
        label,
        choices=_SIGNERS,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class BandForm(Form):
    """Who signs a kind for a class from an amount on, stage after stage."""

    kind = ChoiceField(_l("kind"), [DataRequired()], choices=list(EXCEPTION_TYPES.items()))
    class_code = ChoiceField(
        _l("class of distributor"),
        choices=[("", _l("all classes")), *((k, w) for k, w in CLASSES.items() if k)],
    )
    from_fen = MoneyField(_l("from this value on"), [InputRequired()])
    mode_1 = ChoiceField(_l("first stage"), choices=_MODES)
    roles_1 = _roles(_l("who signs first"))
    mode_2 = ChoiceField(_l("second stage"), choices=_MODES)
    roles_2 = _roles(_l("who signs second"))
    mode_3 = ChoiceField(_l("third stage"), choices=_MODES)
    roles_3 = _roles(_l("who signs third"))

    def stages(self) -> list[tuple[str, list[str]]]:
        """(«any» or «all», roles) of each stage."""
        return [(self[f"mode_{n}"].data or "any", self[f"roles_{n}"].data or []) for n in (1, 2, 3)]


class AbsenceForm(Form):
    """Who is away, when, and who signs meanwhile."""

    person_id = IdField(_l("who is away"))
    delegate_id = IdField(_l("who signs meanwhile"))
    valid_from = DayField(_l("first day"), [DataRequired()])
    last_day = DayField(_l("last day"), [DataRequired()])
    reason = TextField(_l("reason"), [Length(max=500)])
