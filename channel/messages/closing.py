"""Words of closed months."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.texts import Text, register

SUBJECTS["closing"] = _l("month closing")
register_acts({"closing:close": _l("closed the month"), "closing:reopen": _l("reopened the month")})
register_fields({"open_from": _l("open from")})
register(
    {
        "closing.locked": Text(
            _l("%(on)s lies in a closed month; the books are open from %(open)s on."),
            _l("Post it as a correction of the open month: date it %(open)s or later."),
        ),
        "closing.no_month": Text(
            _l("%(period)s is not a month."), _l("Choose a month, such as 2026-10.")
        ),
        "closing.not_over": Text(
            _l("%(month)s is not over yet: its last day is %(end)s."), _l("Close it afterwards.")
        ),
        "closing.closed": Text(_l("%(month)s is closed already."), _l("Reload the page.")),
        "closing.open": Text(_l("%(month)s is open already."), _l("Choose a closed month.")),
        "closing.reason_needed": Text(
            _l("Reopening a month needs a reason."), _l("Write one sentence.")
        ),
        "closing.not_invoiced": Text(
            _l("%(count)s shipments up to this month are shipped and not invoiced."),
            _l("Invoice them first, or they are invoiced in a later month."),
        ),
        "closing.not_shipped": Text(
            _l("%(count)s shipments dated up to this month have not left."),
            _l("After the closing they must be planned anew with a later day."),
        ),
        "closing.parked": Text(
            _l("%(count)s receipts up to this month are parked."),
            _l("Approve or return them first."),
        ),
        "closing.open_runs": Text(
            _l("%(count)s rebate runs of periods up to this month are not posted."),
            _l("Post or discard them."),
        ),
        "closing.drift": Text(
            _l("%(count)s credit balances differ from their documents."),
            _l("The month cannot be closed: tell the house that keeps the system."),
        ),
    }
)
