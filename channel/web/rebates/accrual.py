"""Where a distributor stands: earned so far, expected, booked, forecast, and what is missing."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.documents.statement import plain
from channel.messages.rebates_words import METHOD_WORDS, bound_text, reward_text
from channel.queries import partners
from channel.queries import rebates_accrual as reads
from channel.queries.rebates_accrual import Standing
from channel.web.forms.rebates import StandingForm
from channel.web.pages import actor, page, show
from channel.web.rebates.blueprint import bp, period_words
from channel.web.rebates.statements import statement_tabs


def _chart(standing: Standing) -> dict[str, Any]:
    """The running base by day and the bound of the next tier, in whole currency units."""
    points = standing.points
    series = [
        {
            "label": _("base so far"),
            "kind": "line",
            "values": [p.base_fen // 100 for p in points],
        }
    ]
    if standing.to_next_fen is not None:
        bound = (standing.base_fen + standing.to_next_fen) // 100
        series.append({"label": _("next tier"), "kind": "line", "values": [bound] * len(points)})
    return {
        "axis": _("date"),
        "labels": [f"{p.on:%m-%d}" for p in points],
        "series": series,
    }


def _tiers(standing: Standing) -> list[tuple[int, str]]:
    """The tiers that may be chosen as expected, while the period runs; for who may choose."""
    if standing.days_left == 0 or not may(actor(), Permission.REBATES_WRITE):
        return []
    terms = standing.terms
    return [
        (
            rung.number - 1,
            _(
                "%(n)s: from %(bound)s, %(reward)s",
                n=rung.number,
                bound=bound_text(terms, rung.lower),
                reward=reward_text(terms, rung),
            ),
        )
        for rung in standing.rungs
    ]


@page(bp, "/rebates/standing", Permission.REBATES_READ)
def accrual() -> Any:
    """One's own standing; the house chooses the distributor."""
    who = actor()
    form = StandingForm(request.args)
    form.distributor.choices = [("", _("choose")), *partners.choices(who)]
    form.validate()
    chosen = who.distributor_id if who.is_distributor else form.distributor.data
    on = form.on.data or clock.today()
    distributor = reads.get_distributor(who, chosen) if chosen else None
    standings = reads.standings(distributor, on) if distributor else []
    return show(
        "rebates/accrual.html",
        form=form,
        distributor=distributor,
        on=on,
        standings=[(s, period_words(s.period), _chart(s), _tiers(s)) for s in standings],
        methods=METHOD_WORDS,
        plain=plain,
        tabs=statement_tabs("rebates.accrual"),
    )
