"""Words of cash application: policies, bank lines, write-offs and late-payment interest."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

#: What a receipt pays first.
POLICY_WORDS: dict[str, Any] = {
    "oldest": _l("oldest due first"),
    "interest_first": _l("interest before principal"),
    "named": _l("named invoices"),
}
WRITE_OFF_KINDS: dict[str, Any] = {
    "bad_debt": _l("bad debt"),
    "difference": _l("payment difference"),
    "income": _l("overpayment kept"),
}
#: By what a line of a bank statement was given to its distributor, or why not.
MATCH_WORDS: dict[str, Any] = {
    "account": _l("account known"),
    "name": _l("name of the payer"),
    "alias": _l("payer learned before"),
    "number": _l("number in the purpose"),
    "hand": _l("given by hand"),
    "ambiguous": _l("fits several"),
    "unknown": _l("fits nobody"),
    "outgoing": _l("money out"),
}
#: The house's own reasons; people's stand as they wrote them.
REASON_WORDS: dict[str, Any] = {"payment difference": _l("payment difference")}
WORDS["policy"] = POLICY_WORDS
register_states(
    {
        "interest": (_l("late-payment interest"), "orange"),
        "write_off": (_l("write-off"), "orange"),
        "reversed": (_l("reversed"), "secondary"),
        "dropped": (_l("dropped"), "secondary"),
        "matched": (_l("matched"), "azure"),
        "unassigned": (_l("unassigned"), "orange"),
        "booked": (_l("booked"), "green"),
        "outgoing": (_l("money out"), "secondary"),
        "left_out": (_l("left out"), "secondary"),
    }
)
SUBJECTS.update(
    {
        "write_off": _l("write-off"),
        "interest_note": _l("late-payment interest"),
        "bank_line": _l("bank line"),
        "cash_rule": _l("rules of cash application"),
    }
)
register_acts(
    {
        "receipt:unapply": _l("took the receipt off what it paid"),
        "receipt:apply": _l("set the receipt against debts"),
        "write_off:propose": _l("proposed a write-off"),
        "write_off:sign": _l("signed the write-off"),
        "write_off:post": _l("posted the write-off"),
        "write_off:refuse": _l("refused the write-off"),
        "write_off:reverse": _l("reversed the write-off"),
        "interest:propose": _l("proposed late-payment interest"),
        "interest:post": _l("posted late-payment interest"),
        "interest:drop": _l("dropped late-payment interest"),
        "bank_line:assign": _l("assigned a bank line"),
        "bank_line:leave_out": _l("left a bank line out"),
        "bank_line:take_back": _l("took a bank line back"),
        "bank_line:settle": _l("gave a bank line to a receipt booked by hand"),
        "cash:rules": _l("changed the rules of cash application"),
    }
)
register_fields(
    {
        "document": _l("document"),
        "of_invoice": _l("of invoice"),
        "up_to": _l("up to"),
        "policy": _l("pays first"),
        "short_fen": _l("underpayment tolerated, amount"),
        "short_bp": _l("underpayment tolerated, share"),
        "overpaid_fen": _l("overpayment tolerated, amount"),
        "over_bp": _l("overpayment tolerated, share"),
        "over_is_income": _l("keep a small overpayment as income"),
        "interest_bp": _l("late-payment interest by the year"),
        "write_off_band_fen": _l("write-off that finance signs alone"),
        "receipt_number": _l("receipt"),
    }
)
register_values({"policy": POLICY_WORDS})
register(
    {
        "receipt.policy": Text(
            _l("There is no such way of applying money."), _l("Choose one of the list.")
        ),
        "receipt.named_unknown": Text(
            _l("Nothing is open on invoice %(number)s of this distributor."),
            _l("Name an open invoice of this distributor, as its list shows it."),
        ),
        "receipt.named_twice": Text(
            _l("Invoice %(number)s is named twice."), _l("Name it once, with one amount.")
        ),
        "receipt.named_nothing": Text(
            _l("Invoice %(number)s is named without an amount."), _l("Enter what it is to get.")
        ),
        "receipt.named_too_much": Text(
            _l("%(asked)s is more than the %(open)s that is open on the invoice."),
            _l("Enter at most what is open; the rest may wait as unapplied."),
        ),
        "receipt.named_beyond": Text(
            _l("The named amounts come to %(asked)s, more than the money of %(money)s."),
            _l("Lower one of them."),
        ),
        "receipt.named_none": Text(
            _l("No invoice is named."),
            _l("Write an amount beside an invoice, or choose another way of applying."),
        ),
        "receipt.nothing_applied": Text(
            _l("Receipt %(number)s pays nothing that could be taken back."), _l("Reload the page.")
        ),
        "receipt.nothing_waits": Text(
            _l("Nothing of receipt %(number)s waits to be applied."), _l("Reload the page.")
        ),
        "receipt.nothing_open": Text(
            _l("Nothing is open that receipt %(number)s could pay."),
            _l("The money waits as unapplied for the next invoice."),
        ),
        "write_off.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "write_off.amount": Text(_l("The amount is above zero."), _l("Enter what is given up.")),
        "write_off.nothing_open": Text(
            _l("Nothing is open on invoice %(number)s."), _l("There is nothing to give up.")
        ),
        "write_off.which_part": Text(
            _l("Invoice %(number)s has several open instalments."), _l("Choose one of them.")
        ),
        "write_off.too_much": Text(
            _l("%(asked)s is more than the %(open)s that is open."), _l("Give up at most that.")
        ),
        "write_off.decided": Text(
            _l("This write-off is %(state)s by now."), _l("Reload the page.")
        ),
        "write_off.of_receipt": Text(
            _l("This difference was settled with a receipt."),
            _l("Take the receipt off the invoice: the difference goes with it."),
        ),
        "interest.no_rate": Text(
            _l("The house charges no late-payment interest."),
            _l("An administrator sets the yearly rate in the rules of cash application."),
        ),
        "interest.future": Text(
            _l("%(on)s lies after today, %(today)s."), _l("Choose today or an earlier day.")
        ),
        "interest.waits": Text(
            _l("Note %(number)s waits to be posted."), _l("Post or drop it first.")
        ),
        "interest.nothing": Text(
            _l("No interest up to %(on)s: nothing was late, or its days are charged already."),
            _l("Choose a later day."),
        ),
        "interest.decided": Text(_l("This note was decided already."), _l("Reload the page.")),
        "bank.not_now": Text(_l("This line is %(state)s by now."), _l("Reload the page.")),
        "bank.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "bank.nothing": Text(
            _l("No line is ready to be booked."),
            _l("Assign a distributor to the lines that have none."),
        ),
        "bank.no_twin": Text(
            _l("This receipt is not the money of the line: another amount, payer or day."),
            _l("Book the line, or reload the page."),
        ),
        "import.bank_no_amount": Text(
            _l("Row %(row)s: neither money in nor money out."),
            _l("Give an amount in one of the two columns."),
        ),
        "import.bank_two_amounts": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s”: money in and money out at once."),
            _l("Leave one of the two columns empty."),
        ),
        "import.bank_future": Text(
            _l("Row %(row)s, column %(column)s, “%(value)s” lies after today."),
            _l("A bank statement says what happened: correct the date."),
        ),
        "import.bank_known": Text(
            _l("%(count)s lines are here already and are left out."), _l("Nothing is to be done.")
        ),
        "import.bank_outgoing": Text(
            _l("%(count)s lines are money that went out: they are shown and left out."),
            _l("Nothing is to be done."),
        ),
        "import.bank_unassigned": Text(
            _l("%(count)s lines fit no distributor, or several: they wait as unassigned money."),
            _l("Assign them on the page of bank lines; the house learns the payer."),
        ),
    }
)
