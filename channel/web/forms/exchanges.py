"""Forms of exchange claims: rows of goods and quantities, read from parallel fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from channel.messages.exchanges import MEANS_WORDS
from channel.services.exchanges import Wanted
from channel.services.work import Refused
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, TextField
from channel.web.forms.orders import DIGITS
from contracts.values.findings import block

SIDES = [("distributor", _l("the distributor")), ("maker", _l("the maker"))]
PLACES = {
    "exchange.reason_wanted": "reason",
    "exchange.sent_day": "on",
    "exchange.late_return": "on",
}


class ClaimForm(Form):
    """What is claimed beside the rows of goods."""

    reason = TextAreaField(_l("why the goods do not move"), [DataRequired(), Length(max=500)])
    means = ChoiceField(_l("in return"), choices=list(MEANS_WORDS.items()), default="credit")
    once = HiddenField(default=lambda: token_urlsafe(12))


class ParcelForm(Form):
    """How the goods went back."""

    on = DayField(_l("sent on"), [DataRequired()])
    carrier = TextField(_l("carrier"), [Length(max=255)])
    waybill = TextField(_l("waybill"), [Length(max=100)])
    freight_fen = MoneyField(_l("freight incl. VAT"), [Optional()])
    paid_by = ChoiceField(_l("who paid the carrier"), choices=SIDES, default="distributor")


@dataclass(frozen=True)
class GoodsRow:
    """A row as it stands in the page; everything is text, as typed."""

    product: str = ""
    batch: str = ""
    quantity: str = ""
    is_sealed: bool = True


def _count(form: Mapping[str, str], prefix: str) -> int:
    numbers = [int(k.split("-")[1]) for k in form if k.startswith(prefix) and _is_number(k)]
    return min(max(numbers, default=-1) + 1, 500)


def _is_number(key: str) -> bool:
    return key.split("-")[1].isdecimal()


def quantity_of(text: str) -> int:
    """A whole number as people type it, or a refusal that names it."""
    plain = text.strip().translate(DIGITS).replace(",", "")
    if not plain.isdecimal() or len(plain) > 9:
        raise Refused([block("exchange.quantity", value=text.strip())])
    return int(plain)


def typed_rows(form: Mapping[str, str]) -> list[GoodsRow]:
    """The rows of goods that were sent."""
    return [
        GoodsRow(
            form.get(f"product-{n}", ""),
            form.get(f"batch-{n}", "").strip(),
            form.get(f"quantity-{n}", "").strip(),
            f"sealed-{n}" in form,
        )
        for n in range(_count(form, "product-"))
    ]


def wanted_of(rows: Iterable[GoodsRow]) -> tuple[Wanted, ...]:
    """The rows with a quantity, typed; refused where one is not a number."""
    return tuple(
        Wanted(int(row.product), row.batch[:64], quantity_of(row.quantity), row.is_sealed)
        for row in rows
        if row.quantity and row.product.isdecimal()
    )


def typed_goods(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """(product, quantity) of what is taken in return, as typed."""
    return [
        (form.get(f"out-{n}", ""), form.get(f"out_quantity-{n}", "").strip())
        for n in range(_count(form, "out-"))
    ]


def goods_of(rows: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    """What is taken in return, typed."""
    return tuple(
        (int(product), quantity_of(quantity))
        for product, quantity in rows
        if product.isdecimal() and quantity
    )


def by_id(form: Mapping[str, str], name: str, ids: Iterable[int]) -> dict[int, int]:
    """line or product → quantity of the fields «name-id»; blank is not zero but a refusal."""
    return {i: quantity_of(form.get(f"{name}-{i}", "")) for i in ids}


def texts_by_id(form: Mapping[str, str], name: str, ids: Iterable[int]) -> dict[int, str]:
    """line or product → text of the fields «name-id»."""
    return {i: form.get(f"{name}-{i}", "").strip() for i in ids}


def kept(form: Any) -> dict[str, str]:
    """What was typed, to stand in the page again."""
    return {str(key): str(value) for key, value in form.items()}
