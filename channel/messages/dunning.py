"""Words of dunning: levels, why a letter is offered or not, promises and disputes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.states import STATES
from channel.messages.texts import Text, register
from channel.messages.values import format_date, format_fen
from credit.dunning import BELOW_MINIMUM, LAST_LEVEL, NOT_OVERDUE, RESTS, WAITS, Proposal

LEVEL_WORDS: dict[int, Any] = {
    0: _l("none"),
    1: _l("1st letter"),
    2: _l("2nd letter"),
    3: _l("3rd letter"),
    4: _l("4th letter"),
    5: _l("5th letter"),
}
COMPUTATION_WORDS: dict[str, Any] = {
    "net_days": _l("days after the day to pay by"),
    "end_of_month": _l("end of the month of those days"),
    "previous": _l("days after the letter before"),
}
DISPUTE_REASONS: dict[str, Any] = {
    "price": _l("price"),
    "quantity": _l("quantity"),
    "quality": _l("quality"),
    "delivery": _l("delivery"),
    "duplicate": _l("invoiced twice"),
    "other": _l("other"),
}
OUTCOMES: dict[str, Any] = {
    "upheld": _l("the distributor was right"),
    "partly": _l("partly right"),
    "rejected": _l("the document stands"),
    "withdrawn": _l("taken back by the distributor"),
}
STATES.setdefault("kept", (_l("kept as promised"), "green"))
STATES.setdefault("awaited", (_l("awaited"), "azure"))
STATES.setdefault("contested", (_l("contested"), "orange"))
STATES.setdefault("broken", (_l("broken"), "red"))


def why_words(proposal: Proposal, currency: str) -> str:
    """Why a letter is offered or not, with the item that decides and what rests."""
    parts = [_decides(proposal, currency)]
    for fen, text in (
        (proposal.disputed_fen, _l("%(fen)s is disputed")),
        (proposal.covered_fen, _l("%(fen)s is covered by money not applied")),
        (proposal.promised_fen, _l("%(fen)s is promised")),
    ):
        if fen:
            parts.append(text % {"fen": format_fen(fen, currency)})
    return str(_("; ").join(str(part) for part in parts))


def _decides(proposal: Proposal, currency: str) -> str:
    if proposal.why == NOT_OVERDUE:
        return _("nothing is overdue")
    if proposal.why == RESTS:
        return _("all of it rests")
    if proposal.why == LAST_LEVEL:
        return _("the last letter was sent already")
    if proposal.why == WAITS and proposal.next_on:
        return _("the next letter comes on %(day)s", day=format_date(proposal.next_on))
    if proposal.why == BELOW_MINIMUM:
        return _("below the least amount of this level")
    line = next(line for line in proposal.lines if line.offered == proposal.level)
    if line.item.last_sent is None:
        return _("%(n)s days overdue, no letter so far", n=line.days_overdue)
    return _(
        "%(n)s days overdue, letter %(level)s was sent on %(day)s",
        n=line.days_overdue,
        level=line.item.level,
        day=format_date(line.item.last_sent),
    )


SUBJECTS |= {
    "dunning_policy": _l("dunning levels"),
    "dunning_run": _l("dunning run"),
    "dunning_letter": _l("dunning letter"),
    "promise": _l("promise to pay"),
    "dispute": _l("dispute"),
    "statement_batch": _l("statements in batch"),
}
register_acts(
    {
        "dunning_policy:save": _l("wrote the dunning levels"),
        "dunning_run:send": _l("sent the letters"),
        "dunning_letter:send": _l("sent the letter"),
        "dunning_letter:print": _l("printed the letter"),
        "promise:log": _l("logged the promise"),
        "promise:follow_up": _l("asked about the broken promise"),
        "promise:withdraw": _l("took the promise out of the log"),
        "dispute:open": _l("opened the dispute"),
        "dispute:close": _l("closed the dispute"),
        "statement_batch:order": _l("ordered the statements"),
        "statement_batch:export": _l("exported the statements"),
    }
)
register_fields(
    {
        "letters": _l("letters"),
        "level": _l("level"),
        "demanded_fen": _l("asked for"),
        "due_on": _l("promised for"),
        "outcome": _l("outcome"),
        "reason_kind": _l("ground"),
        "levels": _l("levels"),
        "account_statements": _l("statements of account"),
    }
)
register_values({"reason_kind": DISPUTE_REASONS, "outcome": OUTCOMES})
register(
    {
        "dunning.policy.empty": Text(
            _l("There is no level."), _l("Enter at least the days of the first letter.")
        ),
        "dunning.policy.computation": Text(
            _l("Level %(level)s: this way of counting is not known."), _l("Choose one of the list.")
        ),
        "dunning.policy.delay": Text(
            _l("Level %(level)s: what is due today is not overdue."), _l("Enter 1 day or more.")
        ),
        "dunning.policy.first_previous": Text(
            _l("There is no letter before the first one to count from."),
            _l("Count the first level from the day to pay by."),
        ),
        "dunning.policy.order": Text(
            _l("Level %(level)s comes no later than the level before it."), _l("Enter more days.")
        ),
        "dunning.run.future": Text(
            _l("%(on)s has not come yet; today is %(today)s."),
            _l("Letters are sent as of today or of a day gone by."),
        ),
        "dunning.run.before": Text(
            _l("The last letters went out as of %(last)s; %(on)s lies before that."),
            _l("Choose that day or a later one."),
        ),
        "dunning.nothing": Text(
            _l("No letter is offered."), _l("Look at the column «why» for what it waits for.")
        ),
        "promise.amount": Text(_l("The amount is above zero."), _l("Enter what was promised.")),
        "promise.past": Text(
            _l("%(due)s lies before the day on which it was promised, %(made)s."),
            _l("Choose that day or a later one."),
        ),
        "promise.future": Text(
            _l("%(made)s has not come yet."), _l("Enter the day on which it was promised.")
        ),
        "promise.note_needed": Text(_l("A note is needed."), _l("Write one sentence.")),
        "promise.not_broken": Text(
            _l("This promise is not broken."), _l("There is nothing to ask about; reload the page.")
        ),
        "promise.withdrawn": Text(
            _l("This promise was taken out of the log already."), _l("Reload the page.")
        ),
        "dispute.kind": Text(
            _l("Only an invoice with something open can be disputed."),
            _l("Choose an invoice that is not paid."),
        ),
        "dispute.amount": Text(
            _l("%(asked)s is more than the open %(open)s of the invoice."),
            _l("Dispute at most what is open."),
        ),
        "dispute.standing": Text(
            _l("This invoice is disputed already: %(number)s."),
            _l("Close that dispute before opening another."),
        ),
        "dispute.reason_needed": Text(
            _l("A reason is needed."), _l("Say what is wrong with the invoice.")
        ),
        "dispute.closed": Text(_l("This dispute is closed already."), _l("Reload the page.")),
        "dispute.outcome": Text(_l("There is no such outcome."), _l("Choose one of the list.")),
        "statements.none": Text(
            _l("Nobody is chosen by this."), _l("Choose another territory, class or person.")
        ),
        "statements.span": Text(
            _l("The last day lies before the first."), _l("Choose a later last day.")
        ),
        "statements.not_made": Text(
            _l("%(ready)s of %(total)s statements are made."),
            _l("Wait until all of them are there."),
        ),
    }
)
