"""Sentences about notices, decisions and consequences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.texts import Text, register

register(
    {
        "conduct.stopped": Text(
            _l("Shipping to this distributor is stopped since %(since)s (case %(case)s)."),
            _l("It goes on after %(until)s, or when the decision is reversed."),
        ),
        "conduct.stopped_open": Text(
            _l("Shipping to this distributor is stopped since %(since)s (case %(case)s)."),
            _l("It goes on when the decision is reversed."),
        ),
        "conduct.kind": Text(
            _l("This is no step of the ladder."), _l("Choose one of the consequences.")
        ),
        "conduct.amount_needed": Text(
            _l("This consequence has an amount."), _l("Type the amount.")
        ),
        "conduct.no_amount": Text(
            _l("This consequence has no amount."), _l("Leave the amount empty.")
        ),
        "conduct.no_contract_amount": Text(
            _l("The agreement names no penalty, so %(asked)s cannot rest on it."),
            _l("Say that a court or a settlement decided it, with the reason."),
        ),
        "conduct.differs": Text(
            _l("The agreement names %(agreed)s, asked is %(asked)s."),
            _l("Take the agreement's amount, or say that a court or a settlement decided "
               "otherwise, with the reason."),
        ),
        "conduct.why_needed": Text(
            _l("An amount other than the agreement's needs a reason."),
            _l("Write the reason, such as the number of the judgment."),
        ),
        "conduct.day_needed": Text(_l("From which day on?"), _l("Choose the first day.")),
        "conduct.span": Text(
            _l("It ends on %(end)s, before it begins on %(start)s."), _l("Mend one of the days.")
        ),
        "conduct.skips": Text(
            _l("No lighter step was taken before: %(rungs)s."),
            _l("Say in the reason why this one is called for."),
        ),
        "conduct.reason_needed": Text(
            _l("A consequence needs a reason."), _l("Write the reason.")
        ),
        "conduct.no_notice": Text(
            _l("The distributor has not been heard: there was no notice."),
            _l("Send the notice first; a decision follows the answer or the deadline."),
        ),
        "conduct.reply_runs": Text(
            _l("The distributor may answer until %(day)s."),
            _l("Decide when it has answered, or after that day."),
        ),
        "conduct.reply_passed": Text(
            _l("The day to answer by lies after today, %(today)s."), _l("Choose a later day.")
        ),
        "conduct.result_needed": Text(
            _l("A decision has its grounds."), _l("Write what was decided and why.")
        ),
        "conduct.not_upheld": Text(
            _l("The case is not confirmed: nothing follows from it."),
            _l("A consequence needs a confirmed case."),
        ),
        "conduct.verdict_needed": Text(
            _l("Say whether the case is confirmed."), _l("Choose one of the two.")
        ),
        "conduct.decided": Text(
            _l("This step was decided already."), _l("Look at it again.")
        ),
        "conduct.owner_signs": Text(
            _l("This step is signed by the owner."), _l("Ask the owner to sign it.")
        ),
        "conduct.not_in_force": Text(
            _l("Only a step in force can be reversed."), _l("Look at the case again.")
        ),
        "conduct.reversed": Text(
            _l("%(number)s is reversed, or its reversal waits, already."),
            _l("Look at the case again."),
        ),
        "deposit.of_case": Text(
            _l("This deduction follows from case %(case)s."),
            _l("Reverse it on the page of the case, where a second person signs."),
        ),
    }
)  # fmt: skip
