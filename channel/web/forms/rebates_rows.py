"""The rows of a policy's form: tiers, conditions and the parts of a bundle, as typed and as read.

Rows come as tier-N-lower, cond-N-kind, part-N-product and the like; blank rows are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from channel.messages.rebates_words import CONDITION_WORDS
from channel.web.forms.fields import ChoiceField, PercentField, TextField, TypedField
from channel.web.forms.sentences import SENTENCES
from contracts.rebates.model import NO_RATE, BundlePart, Condition, Factor, RebateTerms, Tier
from contracts.rebates.units import unit_of
from contracts.values.rates import Rate

#: Blank rows that are offered beside those in use.
SPARE_ROWS = 2
MOST_ROWS = 60
MOST_STEPS = 20
_PLACES = 4

_Row = TypeVar("_Row", bound=PlainForm)
_Value = TypeVar("_Value")


class NumberField(TypedField):
    """A number with at most four decimals, as Decimal; may be negative; blank is None."""

    def written(self, data: Any) -> str:
        return plain_text(data)

    def understand(self, text: str) -> None:
        self.data = number_of(text)


def plain_text(number: Decimal) -> str:
    """100000.00 → 100000, 1E+3 → 1000."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_of(text: str) -> Decimal:
    """12,345.60 or １２，３４５ as a number; ValueError with a sentence."""
    try:
        number = Decimal(text.translate(str.maketrans("，．", ",.", " ¥￥%％")).replace(",", ""))
    except InvalidOperation:
        raise ValueError(_("«%(text)s» is not a number: write 12345.60", text=text)) from None
    if not number.is_finite() or abs(number) >= 10**13:
        raise ValueError(_("«%(text)s» is too large", text=text))
    if number != round(number, _PLACES):
        raise ValueError(_("Numbers have at most four decimals here, not «%(text)s»", text=text))
    return number


class _Part(PlainForm):
    """A row inside a form; the form that holds it has the token."""

    class Meta:
        def get_translations(self, form: Any) -> Any:
            return SENTENCES


class TierForm(_Part):
    """One row of the scale; the bound and the reward, or neither."""

    lower = NumberField(_l("from"))
    rate = PercentField(_l("rate in percent"))
    amount = NumberField(_l("reward in money"))


class ConditionForm(_Part):
    """A condition with its steps as «from value: percent», from the lowest value up."""

    kind = ChoiceField(_l("condition"), choices=[("", "—"), *CONDITION_WORDS.items()])
    steps = TextField(_l("what is left of the rebate"))


class BundleForm(_Part):
    """A product of the bundle and how many of it."""

    product = ChoiceField(_l("product"), validate_choice=False)
    quantity = IntegerField(_l("quantity"), [Optional(), NumberRange(1, 1_000_000)])


@dataclass
class Rows(Generic[_Row, _Value]):
    """Rows for the page, values where they can be read, sentences where not."""

    rows: list[_Row] = field(default_factory=list)
    values: tuple[_Value, ...] = ()
    errors: list[str] = field(default_factory=list)


Scale = Rows[TierForm, Tier]
Conditions = Rows[ConditionForm, Condition]
Bundle = Rows[BundleForm, BundlePart]


def _read(
    form: Mapping[str, Any],
    prefix: str,
    make: Callable[[str], _Row],
    is_blank: Callable[[_Row], bool],
    value_of: Callable[[_Row], _Value],
    error: Callable[[int, str], str],
) -> Rows[_Row, _Value]:
    """The rows with this prefix; `value_of` raises ValueError with a sentence."""
    named = re.compile(rf"{prefix}-(\d{{1,6}})-")
    numbers = sorted({int(found[1]) for name in form if (found := named.match(name))})[:MOST_ROWS]
    rows: list[_Row] = []
    values: list[_Value] = []
    errors: list[str] = []
    for number in numbers:
        row = make(f"{prefix}-{number}-")
        row.validate()
        if is_blank(row):
            continue
        rows.append(row)
        wrong = [str(one) for cell in row for one in cell.errors]
        if not wrong:
            try:
                values.append(value_of(row))
            except ValueError as unread:
                wrong = [str(unread)]
        errors += [error(len(rows), one) for one in wrong]
    return Rows(rows, tuple(values), errors)


def read_scale(form: Mapping[str, Any], pays: str = "percent") -> Scale:
    """The tier rows that were sent; what a tier gives is a percent or money."""
    return _read(
        form,
        "tier",
        lambda prefix: TierForm(form, prefix=prefix),
        lambda row: not (row.lower.typed or row.rate.typed or row.amount.typed),
        lambda row: _tier(row, pays),
        lambda n, error: _("Tier %(n)s: %(error)s", n=n, error=error),
    )


def _tier(row: TierForm, pays: str) -> Tier:
    reward = row.rate.data if pays == "percent" else row.amount.data
    if row.lower.data is None or reward is None:
        if pays == "percent":
            raise ValueError(_("enter both the bound and the rate."))
        raise ValueError(_("enter both the bound and the money."))
    rate = NO_RATE if row.rate.data is None else Rate.percent(row.rate.data)
    return Tier(row.lower.data, rate, row.amount.data or Decimal(0))


def read_conditions(form: Mapping[str, Any]) -> Conditions:
    """The condition rows that were sent."""
    return _read(
        form,
        "cond",
        lambda prefix: ConditionForm(form, prefix=prefix),
        lambda row: not (row.kind.data or row.steps.data),
        _condition,
        lambda n, error: _("Condition %(n)s: %(error)s", n=n, error=error),
    )


def _condition(row: ConditionForm) -> Condition:
    if not row.kind.data:
        raise ValueError(_("choose what it looks at."))
    return Condition(row.kind.data, steps_of(row.steps.data or ""))


def steps_of(text: str) -> tuple[Factor, ...]:
    """«0: 100; 16: 80; 31: 0» as steps; ValueError with a sentence."""
    steps = []
    for part in re.split(r"[;；\n]", text)[:MOST_STEPS]:
        if not part.strip():
            continue
        lower, colon, percent = part.replace("：", ":").partition(":")
        if not colon or not percent.strip():
            raise ValueError(
                _("«%(text)s» is no step: write «from value: percent», e.g. 0: 100; 16: 80; 31: 0",
                  text=part.strip())
            )  # fmt: skip
        steps.append(Factor(number_of(lower.strip()), Rate.percent(number_of(percent.strip()))))
    return tuple(steps)


def steps_text(condition: Condition) -> str:
    """The steps as they are typed."""
    return "; ".join(
        f"{plain_text(step.lower)}: {plain_text(step.factor.as_percent())}"
        for step in condition.steps
    )


def read_bundle(form: Mapping[str, Any], products: list[tuple[str, str]]) -> Bundle:
    """The parts of the bundle that were sent; a blank quantity is one."""
    return _read(
        form,
        "part",
        lambda prefix: bundle_row(products, form, prefix),
        lambda row: not row.product.data,
        lambda row: BundlePart(row.product.data, row.quantity.data or 1),
        lambda n, error: _("Part %(n)s of the bundle: %(error)s", n=n, error=error),
    )


def bundle_row(
    products: list[tuple[str, str]], form: Mapping[str, Any] | None = None, prefix: str = ""
) -> BundleForm:
    row = BundleForm(form, prefix=prefix)
    row.product.choices = [("", "—"), *products]
    return row


def scale_of(terms: RebateTerms) -> Scale:
    """The rows of stored terms; bounds in money keep their two decimals."""
    rows = []
    for tier in terms.tiers:
        row = TierForm()
        is_money = unit_of(terms) == "money" and tier.lower == round(tier.lower, 2)
        row.lower.typed = f"{tier.lower:.2f}" if is_money else plain_text(tier.lower)
        if terms.pays == "percent" or tier.rate.fraction:
            row.rate.data = tier.rate.as_percent()
        if terms.pays != "percent" or tier.amount:
            row.amount.data = tier.amount
        rows.append(row)
    return Rows(rows, terms.tiers)


def conditions_of(terms: RebateTerms) -> Conditions:
    return Rows([condition_row(one) for one in terms.conditions], terms.conditions)


def condition_row(condition: Condition) -> ConditionForm:
    row = ConditionForm()
    row.kind.data, row.steps.data = condition.kind, steps_text(condition)
    return row


def bundle_of(terms: RebateTerms, products: list[tuple[str, str]]) -> Bundle:
    rows = []
    for part in terms.bundle:
        row = bundle_row(products)
        row.product.data, row.quantity.data = part.product, part.quantity
        rows.append(row)
    return Rows(rows, terms.bundle)
