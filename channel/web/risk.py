"""Risk scores: the week's list with the top movers, and one distributor's printed steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.scores import SIGNAL_WORDS
from channel.models.partners import Distributor
from channel.queries import risk as reads
from channel.queries import scores_facts
from channel.queries.scope import get_visible
from channel.web import lists
from channel.web.pages import actor, day_asked, page, show
from channel.web.scores_tabs import tabs
from credit.risk import assess, from_json, level, moved, total

bp = Blueprint("risk", __name__)

#: So far ahead a score can be looked at, as if nothing were paid or filed meanwhile.
AHEAD = timedelta(days=90)


@page(bp, "/risk", Permission.RISK_READ)
def index() -> Any:
    """The scores of a week; without one, the last that was taken."""
    week = reads.week_of(day_asked("week"))
    week = reads.latest_week(min(week, clock.today()))
    movers = [
        (distributor, e1, change, moved(from_json(before.steps), from_json(now.steps)))
        for distributor, e1, change, now, before in reads.top_movers(actor(), week)
    ]
    return lists.answer(
        reads.scores_listing(week),
        template="risk/index.html",
        tabs=tabs("risk.index"),
        subtitle=_("Week from %(monday)s. Taken once a week, never changed.", monday=week),
        week=week,
        earlier=week - timedelta(days=7),
        later=week + timedelta(days=7) if week < reads.week_of(clock.today()) else None,
        movers=movers,
        words=SIGNAL_WORDS,
    )


@page(bp, "/risk/<int:id>", Permission.RISK_READ)
def record(id: int) -> Any:
    """The steps of a day beside those of the last week taken before it, and the weeks so far."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    today = clock.today()
    on = min(day_asked(), today + AHEAD)
    steps = assess(scores_facts.signals(on, id)[id])
    weeks = reads.weeks(actor(), id, min(on, today))
    last = weeks[-1] if weeks else None
    before = from_json(last.steps) if last else ()
    return show(
        "risk/record.html",
        distributor=distributor,
        on=on,
        today=today,
        steps=steps,
        score=total(steps),
        level=level(total(steps)),
        last=last,
        was={step.signal: step for step in before},
        words=SIGNAL_WORDS,
        weeks=weeks,
        chart={
            "axis": _("week"),
            "labels": [f"{row.week:%y-%m-%d}" for row in weeks],
            "series": [
                {
                    "label": _("risk score"),
                    "kind": "line",
                    "values": [row.score_e1 / 10 for row in weeks],
                }
            ],
        },
    )
