"""A payment term in words, for pages: the convention by its name, instalments, discount, rolling;
and the sentences about terms that cannot be kept and receipts that do not count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.texts import WORDS, Text, register
from channel.messages.values import format_fen
from contracts.instalments import Share
from contracts.payment_terms import PaymentTerm

#: Methods of payment, as people call them.
METHODS: dict[str, Any] = {
    "transfer": _l("bank transfer"),
    "acceptance_bill": _l("acceptance bill"),
    "cheque": _l("cheque"),
    "cash": _l("cash"),
    "other": _l("other"),
}


def payment_words(term: PaymentTerm | None, currency: str = "CNY") -> list[str]:
    """One sentence per part of the term; nothing for no term."""
    if term is None:
        return []
    if term.kind == "prepaid":
        return [_("paid before shipment")]
    if term.shares:
        lines = [_share(term, share, n, currency) for n, share in enumerate(term.shares, 1)]
    else:
        lines = [_when(term, term.days)]
    if term.discount:
        base = _("the net amount") if term.discount.base == "net" else _("the amount incl. VAT")
        lines.append(
            _("%(rate)s of %(base)s off for payment within %(n)s days", rate=term.discount.rate,
              base=base, n=term.discount.days)
        )  # fmt: skip
    rolls = {
        "next": _("on a day off: next working day"),
        "previous": _("on a day off: working day before"),
    }
    return [*lines, rolls[term.roll]] if term.roll in rolls else lines


def _when(term: PaymentTerm, days: int) -> Any:
    """The convention with its days, by the date that it counts from."""
    basis = _("ship date") if term.basis == "shipment" else _("invoice date")
    if term.kind == "end_of_month_plus":
        return _("end of the month of the %(basis)s, then %(n)s days", basis=basis, n=days)
    if term.kind == "days_end_of_month":
        text = _("%(n)s days from the %(basis)s, then the end of that month", basis=basis, n=days)
        return " ".join([text, _("and %(n)s days more", n=term.after)]) if term.after else text
    if term.kind == "day_of_month":
        return _(
            "%(n)s days from the %(basis)s, then day %(d)s of the following month",
            basis=basis, n=days, d=term.day,
        )  # fmt: skip
    return _("%(n)s days from the %(basis)s", basis=basis, n=days)


def _share(term: PaymentTerm, share: Share, number: int, currency: str) -> str:
    figures = {
        "fixed": format_fen(share.amount_fen, currency),
        "of_total": _("%(rate)s of the whole", rate=share.rate),
        "of_rest": _("%(rate)s of what is left", rate=share.rate),
        "rest": _("the rest"),
    }
    return f"{number}. {figures[share.kind]}{_(':')} {_when(term, share.days)}"


def method_words(methods: Sequence[str]) -> str:
    return str(_(", ")).join(str(METHODS.get(m, m)) for m in methods)


WORDS["methods"] = METHODS
WORDS["method"] = METHODS

register(
    {
        "payment.no_rest": Text(
            _l("No instalment takes the rest, so the instalments would not sum to the amount."),
            _l("Make the last instalment «the rest»."),
        ),
        "payment.rest_not_last": Text(
            _l("Instalment %(number)s takes the rest, and others follow it."),
            _l("Put «the rest» last."),
        ),
        "payment.share_nothing": Text(
            _l("Instalment %(number)s is nothing."), _l("Enter its amount or percentage.")
        ),
        "payment.share_over": Text(
            _l("Instalment %(number)s is %(rate)s, more than the whole."),
            _l("Enter at most 100 %%."),
        ),
        "payment.shares_over": Text(
            _l("The instalments in percent of the whole come to %(rate)s, more than 100 %%."),
            _l("Lower them so that something is left for the last one."),
        ),
        "payment.rest_nothing": Text(
            _l("The instalments before leave nothing for the rest."),
            _l("Lower a percentage, or make the last one of them «the rest»."),
        ),
        "payment.too_many_shares": Text(
            _l("%(count)s instalments are too many; at most %(most)s can be kept."),
            _l("Join some of them."),
        ),
        "payment.fixed_above_total": Text(
            _l("The fixed instalments come to %(fixed)s, more than the amount of %(total)s."),
            _l("Lower them, or use percentages: of a smaller amount the later ones get nothing."),
        ),
        "payment.discount_rate": Text(
            _l("A discount of %(rate)s is none, or gives all away."),
            _l("Enter a rate above 0 and below 100 %%, or leave it empty."),
        ),
        "payment.discount_late": Text(
            _l("The discount runs for %(days)s days, but the money is due after %(due_days)s."),
            _l("Shorten the discount: it must end before the money is due."),
        ),
        "payment.prepaid_parts": Text(
            _l("What is paid before shipment has neither instalments nor a discount."),
            _l("Take them out, or choose another convention."),
        ),
        "receipt.method_not_allowed": Text(
            _l("Method not allowed: %(method)s. The contract allows %(methods)s."),
            _l("A second person approves it, or the money is sent back."),
        ),
        "receipt.payer_differs": Text(
            _l("Payer differs: %(payer)s paid, the contract is with %(distributor)s."),
            _l("A second person approves it, or the money is sent back."),
        ),
        "receipt.decided": Text(
            _l("Receipt %(number)s has been decided already."), _l("Reload the page.")
        ),
        "receipt.own": Text(
            _l("Nobody approves a receipt that they booked themselves."),
            _l("Ask another person of finance, or the owner."),
        ),
        "receipt.still_parked": Text(
            _l("Receipt %(number)s is parked; it has paid nothing that could be undone."),
            _l("Send the money back where it is parked."),
        ),
        "import.receipts_parked": Text(
            _l("%(count)s receipts will be parked: %(methods)s by a method that the contract does "
               "not allow, %(payers)s from another payer."),
            _l("They count once a second person has approved them."),
        ),
    }
)  # fmt: skip

register_acts(
    {
        "receipt:park": _l("parked the receipt"),
        "receipt:approve": _l("let the receipt count"),
        "receipt:return": _l("sent the money back"),
        "invoice:discount": _l("posted a discount for early payment"),
    }
)
register_fields({"findings": _l("why"), "of_invoice": _l("invoice")})
register_values(
    {
        "findings": {
            "receipt.method_not_allowed": _l("method not allowed"),
            "receipt.payer_differs": _l("payer differs"),
            "receipt.method_not_allowed, receipt.payer_differs": _l(
                "method not allowed, payer differs"
            ),
        }
    }
)
