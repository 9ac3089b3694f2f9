"""What the conditions of a policy find today, distributor by distributor, before any run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.rebates_words import CONDITION_WORDS
from channel.queries import rebates_conditions as reads
from channel.web.pages import actor, page, show
from channel.web.rebates.baselines import evidence_tabs
from channel.web.rebates.blueprint import bp, period_words
from contracts.values.periods import Period, containing

#: How many past periods are offered beside the present one.
OFFERED = 4


def _period(text: str, present: Period, kind: Any) -> Period:
    """The period of the address where it is one that the policy settles; else the present one."""
    try:
        asked = Period.parse(text.strip().upper())
    except ValueError:
        return present
    fits = asked.kind == kind and 1990 <= asked.start.year <= 2100
    return asked if fits else present


@page(bp, "/rebates/conditions", Permission.REBATES_READ)
def policy_evidence() -> Any:
    """Choose a policy and a period; each value names what proves or breaks it."""
    today = clock.today()
    known = reads.with_conditions(today)
    wanted = request.args.get("policy", "")
    chosen = next((row for row in known if row[0].code == wanted), known[0] if known else None)
    board, periods = None, []
    if chosen is not None:
        policy, terms, present = chosen
        period = _period(request.args.get("period", ""), present, terms.period_kind)
        number = request.args.get("page", "1")
        board = reads.board(
            actor(), policy, period, today, int(number) if number.isdecimal() else 1
        )
        periods = [present]
        while len(periods) <= OFFERED:
            before = periods[-1].start - timedelta(days=1)
            periods.append(containing(before, terms.period_kind))
        if period not in periods:
            periods.append(period)
    return show(
        "rebates/conditions.html",
        tabs=evidence_tabs("rebates.policy_evidence"),
        known=known,
        chosen=chosen,
        periods=periods,
        board=board,
        period=period_words(board.period) if board else "",
        words=CONDITION_WORDS,
        unproved=_("not proved"),
        today=today,
    )
