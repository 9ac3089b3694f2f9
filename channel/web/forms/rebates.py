"""Forms of rebates. The tiers of a policy come as rows tier-N-lower and tier-N-rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import SelectMultipleField
from wtforms.validators import DataRequired, Length

from channel.queries.rebates_policies import BASE_WORDS, ENROL_WORDS, METHOD_WORDS, PERIOD_WORDS
from channel.services.rebates_policies import Draft
from channel.web.forms.fields import (
    ChoiceField,
    DayField,
    Form,
    IdField,
    MoneyField,
    PercentField,
    TextField,
)
from contracts.rebates.model import Base, Method, RebateTerms, Tier
from contracts.values.rates import Rate

#: Blank rows that are offered beside those in use.
SPARE_ROWS = 2
MOST_ROWS = 60


class PolicyForm(Form):
    code = TextField(_l("code"), [DataRequired(), Length(max=64)])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    valid_from = DayField(_l("valid from"), [DataRequired()])
    period_kind = ChoiceField(_l("settled every"), [DataRequired()], default="quarter")
    method = ChoiceField(_l("method"), [DataRequired()], default=Method.WHOLE.value)
    base_vat = ChoiceField(_l("base"), [DataRequired()], default="net")
    enrols = ChoiceField(_l("who earns"), [DataRequired()], default="all")
    goods = SelectMultipleField(_l("goods that count"))
    goods_out = SelectMultipleField(_l("goods that never count"))
    floor_payout_fen = MoneyField(_l("minimum payout"))
    cap_fen = MoneyField(_l("cap of one statement"))
    reason = TextField(_l("reason"), [Length(max=500)])


class TierForm(PlainForm):
    """One row of the scale; both cells or none."""

    lower = MoneyField(_l("from"))
    rate = PercentField(_l("rate in percent"))


class RunForm(Form):
    period = TextField(_l("period"), [DataRequired(), Length(max=24)])


class ReasonForm(Form):
    reason = TextField(_l("reason"), [Length(max=500)])


class StandingForm(Form):
    """What the page «where do I stand» is asked for; part of its address."""

    class Meta:
        csrf = False

    distributor = IdField(_l("distributor"))
    on = DayField(_l("on"))


@dataclass
class Scale:
    """The tiers as typed: rows for the page, tiers where they can be read, sentences where not."""

    rows: list[TierForm]
    tiers: tuple[Tier, ...]
    errors: list[str]


def read_scale(form: Mapping[str, Any]) -> Scale:
    """The tier rows that were sent; blank rows are passed over."""
    numbers = sorted(
        {
            int(name.split("-")[1])
            for name in form
            if name.startswith("tier-") and name.split("-")[1].isdecimal()
        }
    )[:MOST_ROWS]
    rows, tiers, errors = [], [], []
    for number in numbers:
        row = TierForm(form, prefix=f"tier-{number}-")
        row.validate()
        if not (row.lower.typed or row.rate.typed):
            continue
        rows.append(row)
        place = len(rows)
        wrong = [*row.lower.errors, *row.rate.errors]
        errors += [_("Tier %(n)s: %(error)s", n=place, error=str(error)) for error in wrong]
        if wrong:
            continue
        if row.lower.data is None or row.rate.data is None:
            errors.append(_("Tier %(n)s: enter both the amount and the rate.", n=place))
            continue
        tiers.append(Tier(Decimal(row.lower.data).scaleb(-2), Rate.percent(row.rate.data)))
    return Scale(rows, tuple(tiers), errors)


def scale_of(terms: RebateTerms | None) -> Scale:
    """The rows of stored terms, or of a new policy."""
    rows = []
    for tier in terms.tiers if terms else ():
        row = TierForm()
        row.lower.data = int(tier.lower.scaleb(2))
        row.rate.data = tier.rate.as_percent()
        rows.append(row)
    return Scale(rows, terms.tiers if terms else (), [])


def offer(form: PolicyForm, groups: list[tuple[str, str]]) -> None:
    """The choices of the form; `groups` are the product groups by code."""
    form.period_kind.choices = list(PERIOD_WORDS.items())
    form.method.choices = list(METHOD_WORDS.items())
    form.base_vat.choices = list(BASE_WORDS.items())
    form.enrols.choices = list(ENROL_WORDS.items())
    form.goods.choices = form.goods_out.choices = groups


def fill(form: PolicyForm, draft: Draft) -> None:
    """Put a draft into the form's fields."""
    terms = draft.terms
    form.code.data, form.name.data = terms.code, terms.name
    form.valid_from.data, form.enrols.data = draft.valid_from, draft.enrols
    form.period_kind.data, form.method.data = terms.period_kind, terms.method.value
    form.base_vat.data = terms.base.vat
    form.goods.data, form.goods_out.data = sorted(terms.goods), sorted(terms.goods_out)
    form.floor_payout_fen.data = terms.floor_payout_fen or None
    form.cap_fen.data, form.reason.data = terms.cap_fen, draft.reason


def draft_of(form: PolicyForm, tiers: tuple[Tier, ...]) -> Draft:
    """The draft that the form says; call it when the form can be read."""
    terms = RebateTerms(
        code=form.code.data or "",
        name=form.name.data or "",
        method=Method(form.method.data),
        tiers=tiers,
        base=Base(vat=form.base_vat.data),
        period_kind=form.period_kind.data,
        goods=frozenset(form.goods.data or ()),
        goods_out=frozenset(form.goods_out.data or ()),
        floor_payout_fen=form.floor_payout_fen.data or 0,
        cap_fen=form.cap_fen.data,
    )
    assert form.valid_from.data is not None
    return Draft(terms, form.valid_from.data, form.enrols.data, form.reason.data or "")
