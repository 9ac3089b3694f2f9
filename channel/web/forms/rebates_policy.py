"""The form of a rebate policy: from fields and rows to the terms, and back.

Nothing here judges the terms; what does not fit together is found by the checks beside the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from channel.messages.rebates_words import (
    BASE_KIND_WORDS,
    ENROL_WORDS,
    GAUGE_WORDS,
    MEASURE_WORDS,
    METHOD_WORDS,
    PAYS_WORDS,
    PERIOD_WORDS,
    REFERENCE_WORDS,
    SCOPE_WORDS,
    VAT_WORDS,
)
from channel.services.rebates_policies import Draft
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, TextField
from channel.web.forms.rebates_kinds import READY
from channel.web.forms.rebates_rows import (
    SPARE_ROWS,
    Bundle,
    BundleForm,
    ConditionForm,
    Conditions,
    NumberField,
    Scale,
    TierForm,
    bundle_of,
    bundle_row,
    condition_row,
    conditions_of,
    read_bundle,
    read_conditions,
    read_scale,
    scale_of,
)
from contracts.rebates.model import Base, Method, RebateTerms

PLACES = {"rebate.policy.known": "code", "rebate.unnamed": "code"}

_NAMING = {"code", "name"}
_DAYS = [Optional(), NumberRange(0, 36_500)]
_CODE_DIGITS = 6


def _choice(label: Any, words: Mapping[str, Any], default: str) -> ChoiceField:
    return ChoiceField(label, [DataRequired()], choices=list(words.items()), default=default)


def _switch(label: Any, on: Any, off: Any, *, default: bool = False) -> ChoiceField:
    """Two words and no tick box: what is not sent stays at its default."""
    return _choice(label, {"yes": on, "no": off}, "yes" if default else "no")


class PolicyForm(Form):
    code = TextField(_l("code"), [DataRequired(), Length(max=64)])
    name = TextField(_l("name"), [DataRequired(), Length(max=255)])
    valid_from = DayField(_l("valid from"), [DataRequired()])
    period_kind = _choice(_l("settled every"), PERIOD_WORDS, "quarter")
    enrols = _choice(_l("who earns"), ENROL_WORDS, "all")

    gauge = _choice(_l("tiers are compared with"), GAUGE_WORDS, "base")
    method = _choice(_l("method"), METHOD_WORDS, Method.WHOLE.value)
    pays = _choice(_l("a tier pays"), PAYS_WORDS, "percent")
    each = NumberField(_l("for each full"))
    reference = _choice(_l("growth over"), REFERENCE_WORDS, "last_year")
    qualify_fen = MoneyField(_l("orders count from"))

    base_kind = _choice(_l("what counts"), BASE_KIND_WORDS, "invoiced")
    base_vat = _choice(_l("with or without VAT"), VAT_WORDS, "net")
    base_measure = _choice(_l("measured by"), MEASURE_WORDS, "value")
    grace_days = IntegerField(_l("days of grace after the due date"), _DAYS)
    returns = _switch(_l("goods returned"), _l("are taken off"), _l("stay in"), default=True)
    free_goods = _switch(_l("free goods"), _l("count as pieces"), _l("do not count"))
    exchanges = _switch(_l("goods exchanged"), _l("count on both sides"), _l("do not count"))
    discounts = _switch(_l("early-payment discounts"), _l("are taken off"), _l("stay in"))
    goods = SelectMultipleField(_l("goods that count"))
    goods_out = SelectMultipleField(_l("goods that never count"))
    products = SelectMultipleField(_l("products that count"))
    products_out = SelectMultipleField(_l("products that never count"))
    new_days = IntegerField(_l("only so many days from the launch"), _DAYS)
    territories = TextField(_l("places that count"), [Length(max=2000)])
    territories_out = TextField(_l("places that never count"), [Length(max=2000)])

    scope = _choice(_l("added up for"), SCOPE_WORDS, "distributor")
    accumulate = ChoiceField(
        _l("added up over"), choices=[("", _l("the period settled")), *PERIOD_WORDS.items()]
    )
    catch_up = _switch(
        _l("the tier reached pays on"),
        _l("everything since then, less what was granted"),
        _l("only the sales of the period settled"),
        default=True,
    )

    reduced_by = SelectMultipleField(_l("rebates taken off the base first"))
    not_with = SelectMultipleField(_l("lines not counted again"))
    stacks_with = SelectMultipleField(_l("may count a bundle's goods as well"))

    guarantee_fen = MoneyField(_l("guaranteed at least"))
    floor_payout_fen = MoneyField(_l("minimum payout"))
    cap_fen = MoneyField(_l("cap of one statement"))
    expires_months = IntegerField(_l("expires after (months)"), _DAYS)
    reason = TextField(_l("reason"), [Length(max=500)])

    def validate_territories(self, place: TextField) -> None:
        for code in codes_in(place.data):
            if not (code.isascii() and code.isdigit() and len(code) == _CODE_DIGITS):
                raise ValidationError(
                    _("«%(text)s» is no division code: write six digits, e.g. 511000", text=code)
                )

    validate_territories_out = validate_territories


#: The parts of the form that open of themselves when something in them is not at its default.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "counts": (
        *("base_kind", "base_vat", "base_measure", "grace_days", "new_days"),
        *("goods", "goods_out", "products", "products_out", "territories", "territories_out"),
        *("returns", "free_goods", "exchanges", "discounts"),
    ),
    "adding": ("scope", "accumulate", "catch_up"),
    "others": ("reduced_by", "not_with", "stacks_with"),
    "limits": ("guarantee_fen", "floor_payout_fen", "cap_fen", "expires_months"),
}
_SETS = (
    *("goods", "goods_out", "products", "products_out"),
    *("reduced_by", "not_with", "stacks_with"),
)
_PLACE_SETS = ("territories", "territories_out")
_WORDS = ("period_kind", "gauge", "pays", "reference", "scope")
_NUMBERS = ("qualify_fen", "guarantee_fen", "floor_payout_fen", "grace_days")
_PLAIN = ("each", "cap_fen", "new_days", "expires_months", "accumulate")
_SWITCHES = ("returns", "free_goods", "exchanges", "discounts")


@dataclass(frozen=True)
class Offers:
    """What can be chosen: (code, label) of product groups, of products, of other policies."""

    groups: list[tuple[str, str]]
    products: list[tuple[str, str]]
    policies: list[tuple[str, str]]


@dataclass
class Parts:
    """The whole form: its fields, its rows, and the draft where all of it can be read.

    `seen` is the draft as far as it is read aloud: code and name may still be missing.
    """

    head: PolicyForm
    offers: Offers
    tiers: Scale
    conditions: Conditions
    bundle: Bundle
    draft: Draft | None = None
    seen: Draft | None = None
    opens: frozenset[str] = field(default_factory=frozenset)

    @property
    def spare_tiers(self) -> list[TierForm]:
        return [TierForm() for _n in range(max(SPARE_ROWS, 4 - len(self.tiers.rows)))]

    @property
    def spare_conditions(self) -> list[ConditionForm]:
        return [ConditionForm()]

    @property
    def spare_parts(self) -> list[BundleForm]:
        missing = max(1, 3 - len(self.bundle.rows))
        return [bundle_row(self.offers.products) for _n in range(missing)]

    def is_open(self, section: str) -> bool:
        """Whether a part of the form shows itself: asked for, used, or with something wrong."""
        if section == "formula":
            return self._has_idle_terms()
        if section == "bundle":
            return bool(self.bundle.rows) or section in self.opens
        fields = [self.head[name] for name in SECTIONS[section]]
        used = any(f.errors or (f.data or None) != (f.default or None) for f in fields)
        return used or section in self.opens

    def _has_idle_terms(self) -> bool:
        """Whether a term was given that the formula does not look at."""
        form = self.head
        return any(
            (
                form.gauge.data != "growth" and form.reference.data != "last_year",
                form.method.data != Method.MULTIPLE.value and (form.each.data or form.each.errors),
                form.gauge.data != "orders" and (form.qualify_fen.data or form.qualify_fen.errors),
            )
        )


def _offer(offers: Offers) -> PolicyForm:
    form = PolicyForm()
    form.goods.choices = form.goods_out.choices = offers.groups
    form.products.choices = form.products_out.choices = offers.products
    for others in (form.reduced_by, form.not_with, form.stacks_with):
        others.choices = offers.policies
    return form


def codes_in(text: str | None) -> list[str]:
    """Division codes as typed, parted by spaces or commas."""
    return (text or "").translate(str.maketrans(",，、;；", "     ")).split()


def shown(offers: Offers, draft: Draft, opens: frozenset[str] = frozenset()) -> Parts:
    """The form filled with a draft, to be changed."""
    terms, form = draft.terms, _offer(offers)
    form.code.data, form.name.data = terms.code, terms.name
    form.valid_from.data, form.enrols.data = draft.valid_from, draft.enrols
    form.reason.data = draft.reason
    form.method.data = terms.method.value
    for name in (*_WORDS, *_PLAIN):
        form[name].data = getattr(terms, name)
    for name in _NUMBERS:
        form[name].data = getattr(terms, name) or None
    for name in _SETS:
        form[name].data = sorted(getattr(terms, name))
    for name in _PLACE_SETS:
        form[name].data = " ".join(sorted(getattr(terms, name)))
    for name in ("kind", "vat", "measure"):
        form[f"base_{name}"].data = getattr(terms.base, name)
    for name in _SWITCHES:
        form[name].data = "yes" if getattr(terms.base, name) else "no"
    form.catch_up.data = "yes" if terms.catch_up else "no"
    return Parts(
        form,
        offers,
        scale_of(terms),
        conditions_of(terms),
        bundle_of(terms, offers.products),
        seen=draft,
        opens=opens,
    )


def read(offers: Offers, sent: Mapping[str, Any], code: str = "") -> Parts:
    """The form as typed; `code` stands for the field where the code cannot change."""
    form = _offer(offers)
    if code:
        form.code.data = code
    parts = Parts(
        form,
        offers,
        read_scale(sent, form.pays.data),
        read_conditions(sent),
        read_bundle(sent, offers.products),
    )
    is_valid = form.validate()
    unread = parts.tiers.errors or parts.conditions.errors or parts.bundle.errors
    if not unread and not form.errors.keys() - _NAMING:
        parts.seen = _draft(parts)
        parts.draft = parts.seen if is_valid else None
    return parts


def add_ready(parts: Parts, name: str) -> None:
    """Add a ready-made condition behind those that stand there; a known kind is replaced."""
    if name not in READY:
        return
    condition = READY[name][1]
    kept = [row for row in parts.conditions.rows if row.kind.data != condition.kind]
    parts.conditions.rows = [*kept, condition_row(condition)]
    if parts.seen is not None:
        others = [c for c in parts.conditions.values if c.kind != condition.kind]
        parts.conditions.values = (*others, condition)
        parts.seen = _draft(parts)


def _draft(parts: Parts) -> Draft:
    form = parts.head
    base = Base(
        kind=form.base_kind.data,
        vat=form.base_vat.data,
        measure=form.base_measure.data,
        **{name: form[name].data == "yes" for name in _SWITCHES},
    )
    plain: dict[str, Any] = {name: form[name].data for name in (*_WORDS, *_PLAIN)}
    plain |= {name: form[name].data or 0 for name in _NUMBERS}
    plain |= {name: frozenset(form[name].data or ()) for name in _SETS}
    plain |= {name: frozenset(codes_in(form[name].data)) for name in _PLACE_SETS}
    terms = RebateTerms(
        code=form.code.data or "",
        name=form.name.data or "",
        method=Method(form.method.data),
        tiers=parts.tiers.values,
        base=base,
        catch_up=form.catch_up.data == "yes",
        conditions=parts.conditions.values,
        bundle=parts.bundle.values,
        **plain,
    )
    assert form.valid_from.data is not None
    return Draft(terms, form.valid_from.data, form.enrols.data, form.reason.data or "")
