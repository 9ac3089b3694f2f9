"""Words of the rebate pool: its accounts and movements, forms of payment, and refusals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

FORM_WORDS = {
    "invoice": _l("off the next invoice"),
    "goods": _l("goods in kind"),
    "offset": _l("offset against receivables"),
    "transfer": _l("cash or transfer"),
}
#: Accounts of the ledger, as the journal names them.
ACCOUNT_WORDS = {
    "pool": _l("rebate pool"),
    "granted": _l("rebates granted"),
    "clawed_back": _l("rebates taken back"),
    "spent": _l("rebates used"),
    "lapsed": _l("rebates expired"),
    "reserved": _l("rebates reserved"),
    "disputed": _l("rebates in dispute"),
    "withheld": _l("rebates withheld"),
    "penalty": _l("penalties"),
    "waived": _l("beyond the contract's limit"),
}
SUBJECTS["pool_use"] = _l("use of the rebate pool")
SUBJECTS["pool_entry"] = _l("movement of the rebate pool")
WORDS["form"] = WORDS.get("form", {}) | FORM_WORDS

register_states(
    {
        "earned": (_l("earned"), "green"),
        "used": (_l("used up"), "secondary"),
        "pool_reserved": (_l("reserved"), "azure"),
        "pool_released": (_l("reservation ended"), "secondary"),
        "pool_held": (_l("in dispute"), "orange"),
        "pool_freed": (_l("dispute ended"), "secondary"),
        "waived": (_l("beyond the contract's limit"), "azure"),
        "use_reserved": (_l("reserved"), "azure"),
        "use_requested": (_l("waiting for approval"), "azure"),
        "use_approved": (_l("approved, to be paid"), "orange"),
        "use_used": (_l("used up"), "green"),
        "use_released": (_l("given back"), "secondary"),
        "use_refused": (_l("refused"), "red"),
    }
)
register_acts(
    {
        "pool_use:reserve": _l("reserved from the rebate pool"),
        "pool_use:release": _l("gave back to the rebate pool"),
        "pool_use:approve": _l("approved the payment of a rebate"),
        "pool_use:refuse": _l("refused the payment of a rebate"),
        "pool_use:pay": _l("paid a rebate"),
        "pool_use:return": _l("took a returned payment back"),
        "pool_use:red_invoice": _l("named the red-letter invoice"),
        "pool_entry:undo": _l("undid an expiry"),
    }
)
register_fields(
    {
        "payout_form": _l("form of payment"),
        "red_invoice": _l("red-letter invoice number"),
        "payout_forms": _l("forms in which rebates are used"),
        "payout_cap_bp": _l("rebates on an order at most (% of its goods)"),
        "payout_clawback_months": _l("taken back is what was earned in the last months"),
    }
)
register_values({"payout_form": FORM_WORDS})

register(
    {
        "payout.form": Text(
            _l("The agreement does not allow this form: %(form)s."),
            _l("Choose a form that it names, or amend its clause on rebates."),
        ),
        "payout.below_zero": Text(
            _l("The rebate pool is below zero by %(owed)s: nothing can be used."),
            _l("What is earned next fills it first; the rest can be used then."),
        ),
        "payout.empty": Text(
            _l("Nothing in the rebate pool can be used."),
            _l("It fills when a settlement statement is posted."),
        ),
        "payout.amount": Text(_l("The amount is above zero."), _l("Enter what is to be used.")),
        "payout.too_much": Text(
            _l("%(asked)s is more than the %(free)s that can be used of the rebate pool."),
            _l("Use at most what is there; what is reserved counts as used."),
        ),
        "payout.cap": Text(
            _l(
                "Rebates pay at most %(percent)s of an order: of goods of %(goods)s that is "
                "%(cap)s, of which %(used)s are taken. %(left)s are left."
            ),
            _l("Use at most what is left; goods added to the order raise it."),
        ),
        "payout.goods_over": Text(
            _l("The free goods paid by rebates pass the cap of %(cap)s by %(over)s."),
            _l("Take the free goods off the order first, then change it."),
        ),
        "payout.not_reserved": Text(
            _l(
                "The rebate of %(number)s is not reserved any more: these free goods have no payer."
            ),
            _l("Leave them out, and use the rebate on an order anew."),
        ),
        "payout.no_price": Text(
            _l("The price book of the agreement has no price for these goods."),
            _l("Choose other goods."),
        ),
        "payout.ended": Text(
            _l("%(number)s is not open any more."), _l("Reload the page and look at its state.")
        ),
        "payout.not_own": Text(
            _l("Only who asked for a payment withdraws it."), _l("Refuse it with a reason.")
        ),
        "payout.owed": Text(
            _l("Only %(owed)s are owed: an offset of %(asked)s would settle more."),
            _l("Ask for at most what is owed."),
        ),
        "payout.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "payout.reference_needed": Text(
            _l("The payment has no reference."), _l("Type the reference of the bank.")
        ),
        "payout.future": Text(
            _l("The payment of %(on)s lies after today, %(today)s."),
            _l("Type the day on which the money left."),
        ),
        "payout.until_past": Text(
            _l("The day %(on)s lies before today, %(today)s."), _l("Choose a later day.")
        ),
        "payout.not_undone": Text(
            _l("This movement cannot be undone here."),
            _l(
                "Expiries are undone once; what a statement gave is corrected by the next run, "
                "a penalty in its case, a payment on its own page."
            ),
        ),
        "payout.clawback": Text(
            _l("%(asked)s is more than the contract lets be taken back: at most %(most)s."),
            _l("Propose at most that."),
        ),
    }
)
