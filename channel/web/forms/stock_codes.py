"""Forms of a distributor's own codes and units, and the answers typed on a review page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from channel.models.catalogue import Product
from channel.models.stock_sources import StockCode, StockUnit
from channel.rules.stock_units import Known, candidates
from channel.services.steps.stock_preview import Review
from channel.services.steps.stock_words import Asked
from channel.services.stock_codes import NOT_OURS, RATIO_MAX, CodeSaid, UnitSaid
from channel.web.forms.fields import ChoiceField, Form, IdField, TextField

#: Where a refusal of the use case belongs.
PLACES = {"stock.unit_ratio": "times", "stock.unknown_product": "product"}
_WHOLE = NumberRange(1, RATIO_MAX)


class OwnerForm(Form):
    """Whose way of counting; sent with GET."""

    class Meta:
        csrf = False

    distributor_id = IdField(_l("distributor"), [Optional()])


class CodeForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    written = TextField(_l("own code"), [DataRequired(), Length(max=64)])
    name = TextField(_l("own name"), [Length(max=200)])
    product = ChoiceField(_l("our product"), [DataRequired()])
    times = IntegerField(_l("one of it is so many …"), [InputRequired(), _WHOLE], default=1)
    per = IntegerField(_l("… divided by"), [InputRequired(), _WHOLE], default=1)

    def said(self, written: str) -> CodeSaid:
        return CodeSaid(
            written, self.product.data or "", self.name.data or "",
            self.times.data or 1, self.per.data or 1,
        )  # fmt: skip


class UnitForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    written = TextField(_l("own unit"), [DataRequired(), Length(max=20)])
    product = ChoiceField(_l("for which goods"), [Optional()])
    kind = ChoiceField(_l("meaning"), [DataRequired()])
    times = IntegerField(_l("base units"), [InputRequired(), _WHOLE], default=1)
    per = IntegerField(_l("per own units"), [InputRequired(), _WHOLE], default=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = kind_choices()

    def said(self, written: str, product: str | None = None) -> UnitSaid:
        chosen = self.product.data if product is None else product
        return UnitSaid(
            written, self.kind.data, chosen or "", self.times.data or 1, self.per.data or 1
        )


class HabitForm(Form):
    held_beside = BooleanField(_l("Closing is without the goods on hold: add them"))
    damaged_beside = BooleanField(_l("Closing is without the damaged goods: add them"))
    transit_received = BooleanField(_l("Goods in hold what is still on the road: take it off"))


def kind_choices() -> list[tuple[str, str]]:
    return [
        ("base", _("our base unit")),
        ("case", _("the case of our catalogue")),
        ("ratio", _("a factor of its own")),
    ]


def product_choices(
    goods: Sequence[Known], chosen: Product | None = None, *, for_unit: bool = False
) -> list[tuple[str, str]]:
    """All goods that are sold, and the chosen one even where it is sold no more."""
    first = [("", _("all goods"))] if for_unit else [("", _("choose")), _not_ours()]
    codes = {good.code for good in goods}
    extra = [(chosen.code, f"{chosen.code} {chosen.name}")] if chosen else []
    return [
        *first,
        *[pair for pair in extra if pair[0] not in codes],
        *[(good.code, f"{good.code} {good.name}") for good in goods],
    ]


def _not_ours() -> tuple[str, str]:
    return (NOT_OURS, _("none of our goods: leave its rows out"))


def code_data(row: StockCode) -> dict[str, Any]:
    product = row.product.code if row.product else NOT_OURS
    return {"name": row.name, "product": product, "times": row.times, "per": row.per}


def unit_data(row: StockUnit) -> dict[str, Any]:
    return {"kind": row.kind, "times": row.times, "per": row.per}


def offered(asked: Asked, goods: Sequence[Known]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers to one code in two groups: what is like it, and everything else."""
    likely = candidates(asked.written, asked.name, goods)
    codes = {good.code for good in likely}
    groups = []
    if likely:
        groups.append((_("likely"), [(g.code, f"{g.code} {g.name}") for g in likely]))
    rest = [(g.code, f"{g.code} {g.name}") for g in goods if g.code not in codes]
    return [*groups, (_("all goods"), rest)]


def typed_answers(form: Mapping[str, str], review: Review) -> tuple[list[CodeSaid], list[UnitSaid]]:
    """The answers given to what the review asks, from code-N and unit-N in the order shown."""
    codes = []
    for n, asked in enumerate(review.codes):
        product = form.get(f"code-{n}", "")
        if product:
            codes.append(CodeSaid(asked.written, product, asked.name))
    units = []
    for n, asked in enumerate(review.units):
        kind = form.get(f"unit-{n}", "")
        if kind:
            product = asked.product if form.get(f"unit-{n}-goods") != "all" else ""
            times, per = (_number(form.get(f"unit-{n}-{part}", "1")) for part in ("times", "per"))
            units.append(UnitSaid(asked.written, kind, product, times, per))
    return codes, units


def _number(text: str) -> int:
    """A whole number of at most six digits; 0, which is refused, for anything else."""
    body = text.strip()
    return int(body) if body.isascii() and body.isdecimal() and len(body) <= 6 else 0
