"""The calendar of dated duties, by month; a distributor sees its own."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel import clock
from channel.access import Permission
from channel.queries import partners
from channel.queries.agreements_calendar import Entry, entries
from channel.services import agreements_digests  # noqa: F401  # registers its chore
from channel.web.agreements.blueprint import bp, tabs
from channel.web.pages import actor, page, show
from contracts.obligations import SOURCES, counts
from contracts.values.periods import Period, containing

SOURCE_WORDS = {
    "target": _l("targets"),
    "report": _l("inventory reports"),
    "receivable": _l("receivables due"),
    "exchange": _l("ends of exchange windows"),
    "return": _l("goods to be sent back"),
    "obligation": _l("free duties"),
    "waiver": _l("ends of exceptions"),
    "renewal": _l("notices of renewal"),
    "expiry": _l("ends of agreements"),
    "commitment": _l("ends of commitments"),
    "licence": _l("ends of business licences"),
}
#: The whole house may have thousands in a month; the counts are always of all.
SHOWN = 400
_DAY = timedelta(days=1)


def _month(text: str) -> Period:
    try:
        span = Period.parse(text)
    except ValueError:
        span = containing(clock.today(), "month")
    return containing(span.start, "month")


def _state(entry: Entry) -> str:
    if entry.duty.is_done:
        return "done"
    if entry.duty.source in ("receivable", "report", "obligation", "licence", "return"):
        return "overdue" if entry.duty.is_overdue(clock.today()) else "open"
    return ""


def _lists(month: Period, code: str) -> dict[str, str]:
    """The list behind a count, where there is one with the same filter."""
    span = {"from": month.start.isoformat(), "to": month.last_day.isoformat()}
    ends = {"ends_from": span["from"], "ends_to": span["to"]}
    due = {"due_from": span["from"], "due_to": span["to"]}
    only = {"q": code} if code else {}
    return {
        "receivable": url_for("receivables.invoices", **due, **only),
        "obligation": url_for("agreements.obligations", **span, **only),
        "waiver": url_for("exceptions.index", **ends, **only),
        "return": url_for("exchanges.index", by_from=span["from"], by=span["to"], **only),
        "expiry": url_for("agreements.index", **only),
    }


@page(bp, "/agreements/calendar", Permission.AGREEMENTS_READ)
def calendar() -> Any:
    """One month: how many duties of each source, and each on its day."""
    month = _month(request.args.get("month", ""))
    who = actor()
    text = request.args.get("distributor", "")
    chosen = int(text) if text.isdigit() and not who.is_distributor else None
    source = request.args.get("source", "")
    found = entries(who, month, chosen)
    counted = counts(e.duty for e in found)
    shown = [e for e in found if source not in SOURCES or e.duty.source == source]
    offered = [] if who.is_distributor else partners.choices(who)
    named = dict(offered).get(text if chosen else "", "")
    return show(
        "agreements/calendar.html",
        month=month,
        before=containing(month.start.replace(day=1) - _DAY, "month").label,
        after=containing(month.end, "month").label,
        days=[(d, list(own)) for d, own in groupby(shown[:SHOWN], key=lambda e: e.duty.on)],
        left=max(0, len(shown) - SHOWN),
        counted=counted,
        total=len(found),
        words=SOURCE_WORDS,
        lists=_lists(month, str(named).partition(" ")[0]),
        source=source if source in SOURCES else "",
        distributors=offered,
        chosen=str(chosen or ""),
        state_of=_state,
        today=clock.today(),
        tabs=tabs("agreements.calendar"),
        title=_("Calendar of duties"),
    )
