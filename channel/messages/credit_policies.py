"""Words of the credit check and of its policies: reasons, modes, buckets, and what a form lacks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields, register_values
from channel.messages.states import register_states
from channel.messages.texts import WORDS, Text, register

MODES = {
    "warn": _l("warn only"),
    "approve": _l("hold; money or an exception releases"),
    "block": _l("hold; only money or a higher limit releases"),
}
STEPS = {
    "remind": _l("remind"),
    "hold_orders": _l("hold new orders"),
    "hold_shipments": _l("hold shipments"),
}
BUCKETS = {
    "ordered": _l("open orders"),
    "shipped": _l("shipped, not invoiced"),
    "invoiced": _l("unpaid invoices"),
    "unapplied": _l("money not applied"),
}
POINTS = {"order": _l("the order"), "shipment": _l("the shipment")}
PREPAID = {
    "shipment": _l("goods leave only against money received"),
    "both": _l("orders wait for the money, too"),
}
#: What a trial found out about a document, as a state.
CHANGES = {
    "same": (_l("as before"), "secondary"),
    "stopped": (_l("newly stopped"), "red"),
    "freed": (_l("newly let through"), "green"),
    "unknown": (_l("not known"), "orange"),
}
DECISIONS = {
    "accept": (_l("let through"), "green"),
    "hold": (_l("held"), "orange"),
    "refuse": (_l("stopped by another rule"), "red"),
}

#: What a verdict of the past does not tell: see channel.queries.credit_past.
LACKS = {
    "figures": _l("the figures of the judgement"),
    "later": _l("what of the open orders was wanted later"),
    "limit": _l("what was drawn on one-off limits at that moment"),
    "overdue": _l("which instalments were overdue"),
    "exceptions": _l("what was left of credit exceptions"),
}

WORDS.update({"point": POINTS, "buckets": BUCKETS, "step": STEPS})
register_states({**CHANGES, **DECISIONS})
register_acts(
    {
        "credit_policy:propose": _l("proposed the credit policy"),
        "credit_policy:try": _l("tried the credit policy on a month"),
        "credit_policy:approve": _l("approved the credit policy"),
        "credit_policy:withdraw": _l("withdrew the credit policy"),
    }
)
register_fields({"judged": _l("judged"), "stopped": _l("newly stopped"),
                 "freed": _l("newly let through"), "unknown": _l("not known")})  # fmt: skip
register_values({"mode": MODES})

#: Where the policy lets no exception through, or where no payment helps: see credit.checking.
FIRM = {
    "money": _l(
        "Pay %(pay)s to release it, or ask for a higher limit: the credit policy lets no"
        " exception through here."
    ),
    "limit": _l(
        "Only a higher limit releases it: paying does not lower what counts here, and the credit"
        " policy lets no exception through."
    ),
    "exception": _l(
        "Apply for an exception or a higher limit: paying does not lower what counts here."
    ),
}

register(
    {
        "credit.over_limit": Text(
            _l(
                "Unpaid %(unpaid)s + approved, not shipped %(unshipped)s + new %(new)s"
                " − money not yet applied %(unapplied)s = %(used)s, over the limit of %(limit)s"
                " by %(excess)s."
            ),
            _l("Pay %(pay)s to release it, or apply for an exception."),
            FIRM,
        ),
        "credit.prepaid_short": Text(
            _l(
                "Paid in advance: received %(received)s, claimed by earlier goods %(committed)s,"
                " needed now %(new)s: %(short)s is missing."
            ),
            _l("Pay %(short)s to release it."),
        ),
        "credit.overdue": Text(
            _l("%(overdue)s is overdue, the oldest by %(days)s days."),
            _l("Pay %(pay)s to release it, or apply for an exception."),
        ),
        "credit.oldest_item": Text(
            _l(
                "The oldest open item is overdue by %(days)s days; the credit policy bears"
                " %(most)s days."
            ),
            _l("Pay %(pay)s to release it, or apply for an exception."),
            {
                "money": _l(
                    "Pay %(pay)s to release it: the credit policy lets no exception through here."
                )
            },
        ),
        "credit.document_large": Text(
            _l(
                "Worth %(value)s incl. VAT, more than the %(most)s that the credit policy lets one"
                " document have."
            ),
            _l("Make it smaller, or apply for an exception; money does not release it."),
            {
                "limit": _l(
                    "Make it smaller: the credit policy lets no exception through here, and money"
                    " does not release it."
                )
            },
        ),
        "credit.terms_longer": Text(
            _l(
                "The agreement lets up to %(days)s days pass until payment; the credit policy"
                " bears %(most)s days."
            ),
            _l("Agree a shorter term, or apply for an exception; money does not release it."),
            {
                "limit": _l(
                    "Agree a shorter term: the credit policy lets no exception through here, and"
                    " money does not release it."
                )
            },
        ),
        "credit.grace": Text(
            _l(
                "Credit was checked when the order was confirmed and is not checked again up to"
                " %(until)s."
            )
        ),
        "credit.not_counted": Text(
            _l("The credit policy does not count %(left)s of what is owed or ordered.")
        ),
        "credit_policy.nothing_counts": Text(
            _l("Nothing that is owed would count at %(point)s."),
            _l("Tick at least one of open orders, shipped and invoiced."),
        ),
        "credit_policy.money_ignored": Text(
            _l("At %(point)s money received and not applied would not lower what is used.")
        ),
        "credit_policy.horizon_idle": Text(
            _l("At %(point)s the horizon does nothing, because open orders do not count.")
        ),
        "credit_policy.rule_twice": Text(
            _l("The overdue ladder says the same thing twice."), _l("Take one of the two out.")
        ),
        "credit_policy.overdue_idle": Text(_l("Overdue debts would stop nothing.")),
        "credit_policy.only_warns": Text(
            _l("The limit would stop nothing: both control points only warn.")
        ),
        "credit_policy.reads.warn": Text(
            _l("At %(point)s, what passes a bound is only warned of.")
        ),
        "credit_policy.reads.approve": Text(
            _l("At %(point)s, what passes a bound is held until money or an exception releases it.")
        ),
        "credit_policy.reads.block": Text(
            _l(
                "At %(point)s, what passes a bound is held until money or a higher limit releases"
                " it; exceptions do not help."
            )
        ),
        "credit_policy.reads.buckets": Text(
            _l("At %(point)s count: the document itself, %(buckets)s.")
        ),
        "credit_policy.reads.horizon": Text(
            _l(
                "Of the open orders only those count at %(point)s whose goods are wanted within"
                " %(days)s days; an order without a day always counts."
            )
        ),
        "credit_policy.reads.oldest": Text(
            _l("At %(point)s no open item may be overdue by more than %(days)s days.")
        ),
        "credit_policy.reads.longest": Text(
            _l("At %(point)s the payment term may be at most %(days)s days.")
        ),
        "credit_policy.reads.largest": Text(
            _l("At %(point)s one document may be worth at most %(most)s incl. VAT.")
        ),
        "credit_policy.reads.overdue": Text(
            _l("More than %(tolerance)s overdue by more than %(days)s days: %(step)s.")
        ),
        "credit_policy.reads.overdue_grade": Text(
            _l(
                "Credit grade %(grade)s: more than %(tolerance)s overdue by more than %(days)s"
                " days: %(step)s."
            )
        ),
        "credit_policy.reads.no_ladder": Text(
            _l("Credit grade %(grade)s: overdue debts stop nothing.")
        ),
        "credit_policy.reads.grace": Text(
            _l(
                "A shipment is not checked again up to %(days)s days after its order was"
                " confirmed: confirmed on the 1st, it is checked from day %(first)s on."
            )
        ),
        "credit_policy.reads.prepaid_shipment": Text(
            _l("Paid in advance: orders are confirmed, goods leave only against money received.")
        ),
        "credit_policy.reads.prepaid_both": Text(
            _l("Paid in advance: orders wait for the money, and goods leave only against it.")
        ),
        "credit_policy.reason_needed": Text(_l("A reason is needed."), _l("Write one sentence.")),
        "credit_policy.past": Text(
            _l("%(on)s is over: what was judged on it would have been judged otherwise."),
            _l("Choose today (%(today)s) or a later day."),
        ),
        "credit_policy.unchanged": Text(
            _l("This is what version %(number)s says already."), _l("Change something.")
        ),
        "credit_policy.no_trial": Text(
            _l("The policy has not been tried on a month yet."),
            _l("Make the dry run first and look at what it would stop."),
        ),
        "credit_policy.own": Text(
            _l("Who proposed a policy cannot approve it."), _l("A second person approves it.")
        ),
        "credit_policy.decided": Text(
            _l("This policy was decided already."), _l("Reload the page.")
        ),
        "credit_policy.too_late": Text(
            _l("The policy was to hold from %(on)s, and that day is over."),
            _l("Withdraw it and propose it anew with a later first day."),
        ),
        "credit_policy.month": Text(
            _l("«%(month)s» is not a month that can be tried."),
            _l("Choose the present month or an earlier one."),
        ),
        "credit_policy.ladder": Text(
            _l("Row %(row)s of the overdue ladder lacks its days or its step."),
            _l("Fill the row in, or leave all of it blank."),
        ),
    }
)
