"""Forms of orders and shipments. Lines come as parallel fields, read here into typed rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from secrets import token_urlsafe
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from channel.services.shipments import Load
from channel.services.steps.pricing import Wanted
from channel.web.forms.fields import DayField, Form, IdField, MoneyField, TextField

DIGITS = str.maketrans("０１２３４５６７８９，", "0123456789,")


class OrderForm(Form):
    distributor_id = IdField(_l("distributor"), [DataRequired()])
    order_date = DayField(_l("order date"), [DataRequired()])
    deliver_on = DayField(_l("delivery day (if one is wanted)"), [Optional()])
    ship_to_id = IdField(_l("ship to"), [Optional()])
    note = TextField(_l("note"), [Length(max=500)])
    #: Drawn with the page: the same page sent twice writes one order.
    once = HiddenField(default=lambda: token_urlsafe(12))


class ShipmentForm(Form):
    ship_date = DayField(_l("ship date"), [DataRequired()])
    ship_to_id = IdField(_l("ship to"), [Optional()])


class PlaceForm(Form):
    ship_to_id = IdField(_l("new ship-to place"), [DataRequired()])
    freight_fen = MoneyField(_l("freight"), [Optional()])
    reason = TextField(_l("reason"), [Length(max=500)])


class ReasonForm(Form):
    reason = TextAreaField(_l("reason"), [Length(max=500)])


def whole_number(text: str) -> int | None:
    """A whole number as people type it, or None."""
    digits = text.strip().translate(DIGITS).replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 12 else None


def order_lines(form: Mapping[str, Any], numbers: list[int]) -> tuple[list[Wanted], list[str]]:
    """Lines from product-N, quantity-N, free-N; and a sentence for each that cannot be read.

    A price field is never offered; if somebody sends one along, it is passed on to be checked.
    """
    lines, errors = [], []
    for n in numbers:
        product = str(form.get(f"product-{n}", "")).strip()
        typed = str(form.get(f"quantity-{n}", "")).strip()
        if not product and not typed:
            continue
        quantity = whole_number(typed)
        if not product.isdigit():
            errors.append(_("Line %(n)s: choose the product.", n=n + 1))
        elif not typed:
            continue
        elif quantity is None or quantity <= 0:
            errors.append(
                _(
                    "Line %(n)s: «%(typed)s» is not a quantity; write a whole number above zero.",
                    n=n + 1,
                    typed=typed,
                )
            )
        else:
            price = whole_number(str(form.get(f"price_fen-{n}", "")))
            lines.append(
                Wanted(int(product), quantity, bool(form.get(f"free-{n}")), typed_fen=price)
            )
    return lines, errors


def line_numbers(form: Mapping[str, Any]) -> list[int]:
    """The N of the quantity-N fields that were sent, in order; a limit against silly forms."""
    found = {
        int(name.split("-", 1)[1])
        for name in form
        if name.startswith("quantity-") and name.split("-", 1)[1].isdecimal()
    }
    return sorted(found)[:500]


def loads(form: Mapping[str, Any]) -> tuple[list[Load], list[str]]:
    """Loads from quantity-LINE, batch-LINE, produced-LINE."""
    found, errors = [], []
    for line_id in line_numbers(form):
        typed = str(form.get(f"quantity-{line_id}", "")).strip()
        if not typed or typed == "0":
            continue
        quantity = whole_number(typed)
        if quantity is None:
            errors.append(
                _("«%(typed)s» is not a quantity; write a whole number above zero.", typed=typed)
            )
            continue
        produced = str(form.get(f"produced-{line_id}", "")).strip()
        try:
            made = date.fromisoformat(produced) if produced else None
        except ValueError:
            errors.append(_("«%(text)s» is not a date: write 2026-11-21", text=produced))
            continue
        batch = str(form.get(f"batch-{line_id}", "")).strip()[:64]
        found.append(Load(line_id, quantity, batch, made))
    return found, errors
