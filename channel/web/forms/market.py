"""Forms of the market: prices seen, incidents, promotions, outlets, displays, POP."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TimeInput

from channel import clock
from channel.messages.market import INCIDENT_KINDS, OUTLET_KINDS, SEVERITIES, TOPICS
from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    MoneyField,
    TextField,
    TypedField,
)
from channel.web.forms.territories import DivisionField


class TimeField(TypedField):
    """A time of the day as 09:00; blank is None."""

    widget = TimeInput()

    def written(self, data: Any) -> str:
        return f"{data:%H:%M}"

    def understand(self, text: str) -> None:
        try:
            hour, minute = text.replace("：", ":").split(":")[:2]
            self.data = time(int(hour), int(minute))
        except ValueError:
            raise ValueError(_("«%(text)s» is not a time: write 09:00", text=text)) from None


def photos(label: Any = None) -> MultipleFileField:
    return MultipleFileField(label or _l("photos or papers (JPG, PNG, PDF)"))


class PlaceForm(Form):
    """Whose area and where: an outlet of the register, or the place in words."""

    distributor_id = IdField(_l("distributor"), [DataRequired()])
    outlet_id = IdField(_l("outlet"), [Optional()])
    place = TextField(_l("place, where no outlet fits"), [Length(max=255)])
    division_code = DivisionField(_l("division of the place"))


class PriceReportForm(PlaceForm):
    product_id = IdField(_l("product"), [DataRequired()])
    price_fen = MoneyField(_l("price seen, incl. VAT"), [InputRequired()], minimum=1)
    seen_on = DayField(_l("seen on"), [DataRequired()])
    evidence = TextField(_l("what proves it"), [Length(max=1000)])
    files = photos()


class IncidentForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    kind = ChoiceField(
        _l("kind"),
        choices=[(k, INCIDENT_KINDS[k]) for k in ("local", "diversion", "rival")],
        default="local",
    )
    topic = ChoiceField(_l("topic"), choices=list(TOPICS.items()), default="media")
    severity = ChoiceField(_l("severity"), choices=list(SEVERITIES.items()), default="medium")
    known_on = DayField(_l("known since (day)"), [DataRequired()])
    known_time = TimeField(_l("known since (time)"), [DataRequired()])
    place = TextField(_l("place"), [DataRequired(), Length(max=255)])
    division_code = DivisionField(_l("division of the place"))
    what = TextAreaField(_l("what happened"), [DataRequired(), Length(max=4000)])
    interest = TextAreaField(_l("the maker's interest at risk"), [Length(max=2000)])
    actions = TextAreaField(_l("done so far"), [Length(max=2000)])
    files = photos()

    def known_at(self) -> datetime:
        """The instant at which clocks in China showed it."""
        at: time = self.known_time.data  # type: ignore[assignment]
        return clock.instant_of(self.known_on.data, at.hour, at.minute)  # type: ignore[arg-type]


class PromotionForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    title = TextField(_l("title"), [DataRequired(), Length(max=255)])
    division_code = DivisionField(_l("division"))
    starts_on = DayField(_l("first day"), [DataRequired()])
    ends_on = DayField(_l("last day"), [DataRequired()])
    budget_fen = MoneyField(_l("budget"), [InputRequired()])
    plan = TextAreaField(_l("plan"), [DataRequired(), Length(max=4000)])
    files = photos()


class LogForm(PlaceForm):
    took_place_on = DayField(_l("day"), [DataRequired()])
    stated_number = TextField(_l("approval number"), [Length(max=64)])
    what = TextAreaField(_l("what took place"), [DataRequired(), Length(max=1000)])
    files = photos()


class OutletForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    kind = ChoiceField(_l("kind of outlet"), choices=list(OUTLET_KINDS.items()))
    division_code = DivisionField(_l("division"), [DataRequired()])
    address = TextField(_l("address"), [Length(max=500)])


class VisitForm(Form):
    visited_on = DayField(_l("day"), [DataRequired()])
    is_visit = BooleanField(_l("somebody was there"))
    has_order = BooleanField(_l("took an order"))
    quantity = IntegerField(_l("boxes ordered (optional)"), [Optional(), NumberRange(1, 1_000_000)])
    note = TextField(_l("note"), [Length(max=500)])


class StandardForm(Form):
    outlet_kind = ChoiceField(_l("kind of outlet"), choices=list(OUTLET_KINDS.items()))
    valid_from = DayField(_l("valid from"), [DataRequired()])


class LookForm(Form):
    checked_on = DayField(_l("day"), [DataRequired()])
    note = TextField(_l("note"), [Length(max=500)])
    files = photos()


class PopForm(Form):
    outlet_id = IdField(_l("outlet"), [DataRequired()])
    item = TextField(_l("material"), [DataRequired(), Length(max=255)])
    spot = TextField(_l("spot in the outlet"), [Length(max=255)])
    consent_by = TextField(_l("agreed by (who of the outlet)"), [DataRequired(), Length(max=255)])
    placed_on = DayField(_l("stands from"), [DataRequired()])
    files = photos()


class MarketSizeForm(Form):
    division_code = DivisionField(_l("division"), [DataRequired()])
    year = IntegerField(_l("year"), [InputRequired(), NumberRange(2000, 2100)])
    amount_fen = MoneyField(_l("all makers' sales of the year"), [InputRequired()], minimum=1)
    source = TextField(_l("source"), [DataRequired(), Length(max=500)])
