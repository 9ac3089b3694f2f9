"""Sentences about the clauses of an agreement, its suspension and end, and the duties by day."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields
from channel.messages.texts import Text, register

#: What a free duty is; rebates may depend on trainings.
DUTY_KINDS: dict[str, Any] = {"other": _l("other duty"), "training": _l("training")}

register(
    {
        "agreement.suspended": Text(
            _l("Agreement %(contract)s is suspended since %(since)s: %(reason)s"),
            _l("A channel manager resumes it on the agreement's page; then submit again."),
        ),
        "agreement.ends_in_the_past": Text(
            _l("A termination cannot begin on %(on)s, before today (%(today)s)."),
            _l("Choose today or a later day: documents of past days stay judged as they were."),
        ),
        "resale.not_reviewed": Text(
            _l("Clause 2 fixes the resale price without a legal review."),
            _l(
                "Name the reviewer and the reason, or leave the retail price suggested: fixing"
                " resale prices is restricted by the Anti-Monopoly Law."
            ),
        ),
        "agreement.targets_sum": Text(
            _l("The targets inside %(period)s add up to %(parts)s, not to %(target)s."),
            _l("Change one of them by %(difference)s."),
        ),
        "agreement.groups_exceed": Text(
            _l("The targets of single groups in %(period)s add up to %(parts)s, over %(target)s."),
            _l("Raise the target of all goods, or lower those of the groups."),
        ),
        "agreement.mix_exceeds": Text(
            _l("The %(groups)s shares of the product mix add up to more than 100 %%."),
            _l("Lower one of them."),
        ),
        "agreement.mix_outside": Text(
            _l("The product mix names %(group)s, which the agreement does not cover."),
            _l("Add the group to the goods of clause 1, or take the share out."),
        ),
        "agreement.unknown_group": Text(
            _l("There is no product group %(group)s."), _l("Choose one of the list.")
        ),
        "agreement.obligation_past": Text(
            _l("«%(text)s» is due on %(due)s, before the version begins."),
            _l("Choose a later day, unless it was already done."),
        ),
        "agreement.buyout_exchange": Text(
            _l("A buy-out that takes goods back for %(days)s days is unusual."),
            _l("Set the days to exchange to 0, unless this was agreed."),
        ),
        "agreement.margin_below": Text(
            _l("%(goods)s: the dealer keeps less than the floor of %(floor)s."),
            _l("Look at the margin ladder of the price book before approving."),
        ),
        "agreement.replaces": Text(
            _l("From %(start)s to %(last)s it also stands in place of %(versions)s."),
            _l("Compare the two, and write into this version what is to go on."),
        ),
        "agreement.rejudges_invoices": Text(
            _l(
                "%(count)s documents are already invoiced on or after %(start)s, the last one"
                " %(number)s; they stay as they were judged."
            ),
            _l("Let the amendment begin after %(last)s, or go on if only later ones are meant."),
        ),
        "agreement.rejudges_statements": Text(
            _l(
                "The rebate of %(period)s is already settled (%(number)s), and this version would"
                " change targets or rebates from %(start)s on."
            ),
            _l("Let it begin on %(first)s or later."),
        ),
        "duty.target": Text(_l("Target %(period)s of %(amount)s, to be reached by %(last)s")),
        "duty.report": Text(_l("Inventory report of %(period)s")),
        "duty.receivable": Text(_l("Invoice %(number)s, %(amount)s")),
        "duty.exchange": Text(_l("Last day to exchange goods of %(number)s, shipped %(shipped)s")),
        "duty.return": Text(_l("Last day to send back the goods of claim %(number)s")),
        "duty.obligation": Text(_l("%(text)s")),
        "duty.waiver": Text(_l("Last day of the exception: %(subject)s")),
        "duty.renewal": Text(_l("Speak about renewal: the agreement ends on %(end)s")),
        "duty.expiry": Text(_l("Last day of the agreement")),
        "duty.licence": Text(_l("Last day of the business licence")),
        "duty.commitment": Text(_l("End of the commitment of %(months)s months, %(amount)s")),
        "obligation.not_signed": Text(
            _l("The version is not approved."), _l("Have it approved first.")
        ),
        "obligation.text_needed": Text(
            _l("The duty has no words."), _l("Write what is to be done.")
        ),
        "obligation.evidence_needed": Text(
            _l("What shows that it was done is missing."), _l("Write one sentence.")
        ),
        "obligation.not_open": Text(_l("The duty is not open."), _l("Reload the page.")),
        "obligation.training": Text(
            _l("A training is confirmed by the house."),
            _l("Ask the house to note that it took place, with the list of who was there."),
        ),
        "obligation.in_future": Text(
            _l("%(on)s lies in the future."),
            _l("Say what was done up to today, %(today)s."),
        ),
        "obligation.not_yours": Text(
            _l("This duty is the maker's."), _l("A channel manager notes it.")
        ),
        "notice.not_signed": Text(
            _l("A notice stands on an approved version."), _l("Have the version approved first.")
        ),
        "notice.nothing_cited": Text(
            _l("The notice cites nothing."), _l("Tick a clause or a free duty.")
        ),
        "notice.reply_passed": Text(
            _l("The day to answer by must come after today (%(today)s)."), _l("Choose a later day.")
        ),
        "exchange.by_type": Text(
            _l("Goods under contract %(contract)s are not exchanged: it was agreed without."),
            _l("Amend clause 7 if this is to change; an exception does not open it."),
        ),
        "exit.no_commitment": Text(
            _l("The agreement has no commitment: leaving costs nothing by it."),
            _l("Amend the agreement if one was meant."),
        ),
        "exit.before_start": Text(
            _l("The agreement begins on %(start)s."), _l("Choose that day or a later one.")
        ),
    }
)

#: The two sides of an agreement.
SIDES: dict[str, Any] = {"distributor": _l("the distributor"), "maker": _l("the maker")}

register_acts(
    {
        "agreement:print": _l("printed the paper"),
        "agreement:attach": _l("attached a paper"),
        "agreement:share": _l("showed it to the distributor"),
        "notice:issue": _l("issued the notice"),
        "obligation:add": _l("noted the duty"),
        "obligation:fulfil": _l("noted the duty as fulfilled"),
        "exit:quote": _l("quoted the early exit"),
        "agreement:suspend": _l("suspended the agreement"),
        "agreement:resume": _l("resumed the agreement"),
    }
)
register_fields(
    {
        "on": _l("from this day"),
        "clause": _l("clause"),
        "due_on": _l("due on"),
        "text": _l("what is to be done"),
        "evidence": _l("evidence"),
        "done_on": _l("done on"),
        "reply_by": _l("reply and remedy by"),
        "mix": _l("product mix"),
        "resale": _l("retail price"),
        "deposit_fen": _l("deposit"),
        "commitment": _l("commitment"),
        "renewal_notice_days": _l("days' notice of renewal"),
        "obligations": _l("free duties"),
    }
)
