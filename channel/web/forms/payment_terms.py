"""The payment term as a part of a form: convention, instalments, discount, rolling.

A form that takes `PaymentFields` shows them with agreements/_payment.html, reads the term with
`payment_term` once it is valid, and fills the fields with `fill_payment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from channel import clock
from channel.messages import remedy, sentence
from channel.web.forms.fields import ChoiceField, DayField, Form, MoneyField, PercentField
from channel.web.forms.orders import whole_number
from contracts.instalments import EarlyDiscount, Share, check_amount
from contracts.payment_terms import PaymentTerm, check
from contracts.values.findings import Finding
from contracts.values.rates import Rate

KINDS = [
    ("net_days", _l("so many days after")),
    ("end_of_month_plus", _l("end of the month, then so many days")),
    ("days_end_of_month", _l("so many days, then the end of that month")),
    ("day_of_month", _l("so many days, then a day of the following month")),
    ("prepaid", _l("paid before shipment")),
]
ROLLS = [
    ("none", _l("no rolling")),
    ("next", _l("next working day")),
    ("previous", _l("working day before")),
]
BASES = [("shipment", _l("ship date")), ("invoice", _l("invoice date"))]
SHARE_KINDS = [
    ("", _l("no instalment")),
    ("fixed", _l("fixed amount")),
    ("of_total", _l("% of the whole")),
    ("of_rest", _l("% of what is left")),
    ("rest", _l("the rest")),
]
DISCOUNT_BASES = [("gross", _l("of the amount incl. VAT")), ("net", _l("of the net amount"))]
#: Rows for instalments that a page without JavaScript offers.
SHARE_ROWS = 4


class PaymentFields:
    """Clause 4 as fields. Instalments come as share-kind-N, share-figure-N and share-days-N."""

    payment_kind = ChoiceField(_l("payment term"), choices=KINDS, default="net_days")
    payment_days = IntegerField(_l("days"), [Optional(), NumberRange(0, 365)], default=30)
    payment_day = IntegerField(_l("day of the month"), [Optional(), NumberRange(1, 31)])
    payment_after = IntegerField(
        _l("days after the end of the month"), [Optional(), NumberRange(0, 365)]
    )
    payment_basis = ChoiceField(_l("counted from"), choices=BASES, default="shipment")
    payment_roll = ChoiceField(_l("when the day is a day off"), choices=ROLLS, default="next")
    discount_percent = PercentField(_l("discount for early payment (%)"), [Optional()])
    discount_days = IntegerField(_l("paid within days"), [Optional(), NumberRange(0, 365)])
    discount_base = ChoiceField(_l("discount is taken"), choices=DISCOUNT_BASES, default="gross")
    #: What the last term that was filled in has; shown where nothing is typed.
    stored_shares: tuple[Share, ...] = ()

    def validate_payment_kind(self, field: Any) -> None:
        """The term as a whole: a day where one is needed, shares that sum, a real discount."""
        if field.data == "day_of_month" and not self.payment_day.data:
            raise ValidationError(_("Enter the day of the month on which the money is due."))
        try:
            term = self.payment_term()
        except ValidationError:
            raise
        except ValueError:
            raise ValidationError(_("Days and dates like these make no payment term.")) from None
        problems = [words(finding) for finding in check(term)]
        if problems:
            raise ValidationError(" ".join(problems))

    def payment_term(self) -> PaymentTerm:
        """The term as typed. ValidationError with a sentence where a share cannot be read."""
        values: Any = {name: getattr(self, name).data for name in FIELDS}
        kind: Any = values["payment_kind"] or "net_days"
        discount = None
        if values["discount_percent"] is not None:
            rate = Rate.percent(values["discount_percent"])
            base: Any = values["discount_base"] or "gross"
            discount = EarlyDiscount(values["discount_days"] or 0, rate, base)
        return PaymentTerm(
            kind,
            0 if kind == "prepaid" else values["payment_days"] or 0,
            (values["payment_day"] or 1) if kind == "day_of_month" else None,
            values["payment_basis"] or "shipment",
            values["payment_roll"] or "none",
            (values["payment_after"] or 0) if kind == "days_end_of_month" else 0,
            read_shares(request.form),
            discount,
        )

    def fill_payment(self, term: PaymentTerm) -> None:
        """Show a stored term in the fields."""
        shown: dict[str, Any] = {
            "payment_kind": term.kind,
            "payment_days": term.days,
            "payment_day": term.day,
            "payment_after": term.after or None,
            "payment_basis": term.basis,
            "payment_roll": term.roll,
        }
        if term.discount:
            shown |= {
                "discount_percent": term.discount.rate.as_percent(),
                "discount_days": term.discount.days,
                "discount_base": term.discount.base,
            }
        for name, value in shown.items():
            getattr(self, name).data = value
        self.stored_shares = term.shares

    def share_rows(self) -> list[dict[str, str]]:
        """What stands in the instalment rows: as typed, else as stored, then blank ones."""
        if request.method == "POST":
            numbers = _numbers(request.form)
            rows = [
                {
                    key: request.form.get(f"share-{key}-{n}", "")
                    for key in ("kind", "figure", "days")
                }
                for n in numbers
            ]
        else:
            rows = [_row(share) for share in self.stored_shares]
        rows = [row for row in rows if any(row.values())]
        return rows + [{"kind": "", "figure": "", "days": ""}] * max(1, SHARE_ROWS - len(rows))

    @property
    def example(self) -> dict[str, str]:
        """Amount and day on which the term is tried: as typed, else ten thousand today."""
        amount, on = request.form.get("example_fen"), request.form.get("example_on")
        return {"amount": amount or "10000.00", "on": on or clock.today().isoformat()}

    @property
    def share_kinds(self) -> list[tuple[str, Any]]:
        return SHARE_KINDS


FIELDS = (
    "payment_kind",
    "payment_days",
    "payment_day",
    "payment_after",
    "payment_basis",
    "payment_roll",
    "discount_percent",
    "discount_days",
    "discount_base",
)


class PreviewForm(PaymentFields, Form):
    """The term with an example to try it on."""

    example_fen = MoneyField(_l("example amount incl. VAT"), minimum=1)
    example_on = DayField(_l("example ship or invoice date"))


def words(finding: Finding) -> str:
    """The sentence with its remedy."""
    return " ".join(filter(None, [sentence(finding), remedy(finding)]))


def example_problems(term: PaymentTerm, example_fen: int) -> list[str]:
    """What keeps an amount of this size from being cut like this."""
    return [words(finding) for finding in check_amount(term.shares, example_fen)]


def _numbers(form: Mapping[str, Any]) -> list[int]:
    found = {
        int(name.rsplit("-", 1)[1])
        for name in form
        if name.startswith("share-kind-") and name.rsplit("-", 1)[1].isdecimal()
    }
    return sorted(found)[:60]


def read_shares(form: Mapping[str, Any]) -> tuple[Share, ...]:
    """The instalments as typed; rows without a kind and a figure are no instalments."""
    shares = []
    for position, n in enumerate(_numbers(form), 1):
        kind = str(form.get(f"share-kind-{n}", "")).strip()
        figure = str(form.get(f"share-figure-{n}", "")).strip()
        days = str(form.get(f"share-days-{n}", "")).strip()
        if not kind and not figure:
            continue
        if kind not in ("fixed", "of_total", "of_rest", "rest"):
            raise ValidationError(_("Instalment %(n)s: choose what it is.", n=position))
        after = 0 if not days else whole_number(days)
        if after is None or after > 3650:
            raise ValidationError(
                _("Instalment %(n)s: «%(typed)s» is not a number of days; write 30.", n=position,
                  typed=days)
            )  # fmt: skip
        shares.append(_share(kind, figure, after, position))
    return tuple(shares)


def _share(kind: Any, figure: str, days: int, position: int) -> Share:
    if kind == "rest":
        return Share("rest", days)
    text = figure.translate(str.maketrans("，．％", ",.%", " ¥￥")).replace(",", "").rstrip("%")
    try:
        number = Decimal(text or "0")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or number != round(number, 2) or number >= 10**13:
        raise ValidationError(
            _("Instalment %(n)s: «%(typed)s» is not a figure; write 30 or 5000.00.", n=position,
              typed=figure)
        )  # fmt: skip
    if kind == "fixed":
        return Share("fixed", days, int(number * 100))
    return Share(kind, days, 0, Rate.percent(number))


def _row(share: Share) -> dict[str, str]:
    figure = ""
    if share.kind == "fixed":
        figure = f"{Decimal(share.amount_fen) / 100:.2f}"
    elif share.kind != "rest":
        figure = str(share.rate.as_percent())
    return {"kind": share.kind, "figure": figure, "days": str(share.days)}
