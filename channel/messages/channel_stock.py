"""Sentences, acts and words about stock in the channel, counts, follow-ups and outlets' upkeep."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.states import register_states
from channel.messages.texts import Text, register

AGES: dict[str, Any] = {
    "fresh": _l("current"),
    "old": _l("old"),
    "unknown": _l("never filed"),
}
COVERS: dict[str, Any] = {
    "short": _l("short"),
    "within": _l("within bounds"),
    "over": _l("over"),
    "still": _l("no movement"),
}
FORECASTS: dict[str, Any] = {
    "": _l("being worked out"),
    "none": _l("nothing is sold"),
    "mean": _l("mean of the last periods"),
    "sba": _l("Croston, corrected (SBA)"),
    "tsb": _l("chance and size (TSB)"),
    "refused": _l("refused"),
}
OUTLET_STATES: dict[str, Any] = {
    "active": _l("buying"),
    "sleeping": _l("sleeping"),
    "lost": _l("lost to us"),
    "closed": _l("closed"),
}

register_states(
    {
        "figures_fresh": (_l("current"), "green"),
        "figures_old": (_l("old"), "secondary"),
        "figures_unknown": (_l("never filed"), "secondary"),
        "short": (_l("short"), "red"),
        "within": (_l("within bounds"), "green"),
        "over": (_l("over"), "orange"),
        "still": (_l("no movement"), "secondary"),
        "gap_none": (_l("within the bound"), "green"),
        "gap_above": (_l("above the bound"), "orange"),
        "gap_repeated": (_l("above again"), "red"),
        "gap_unknown": (_l("not in the report"), "secondary"),
        "follow_open": (_l("open"), "azure"),
        "follow_case": (_l("case"), "red"),
        "outlet_active": (_l("buying"), "green"),
        "outlet_sleeping": (_l("sleeping"), "orange"),
        "outlet_lost": (_l("lost to us"), "red"),
        "outlet_closed": (_l("closed"), "secondary"),
    }
)
SUBJECTS.update(
    {
        "stock_count": _l("stock count"),
        "stock_follow_up": _l("follow-up of a count"),
    }
)
register_acts(
    {
        "stock_count:record": _l("counted the stock"),
        "stock_follow_up:open": _l("opened the follow-up"),
        "stock_follow_up:close": _l("closed the follow-up"),
        "outlet:visit": _l("logged a visit"),
        "outlet:order": _l("logged an order"),
    }
)
register_fields(
    {
        "lines": _l("lines"),
        "above": _l("above the bound"),
        "visited_on": _l("day"),
        "stock_old_days": _l("stock figures are old after days"),
        "stock_short_days": _l("stock is short below days of cover"),
        "stock_over_days": _l("stock is over above days of cover"),
        "count_gap_bp": _l("gap of a count that is followed up"),
        "outlet_sleep_days": _l("an outlet sleeps after days without an order"),
        "outlet_lost_days": _l("and is lost after days"),
    }
)
register(
    {
        "stock.forecast_few": Text(
            _l("No forecast: %(have)s usable periods, at least %(needed)s are needed."),
            _l("Periods that ended without stock do not count."),
        ),
        "stock.forecast_none": Text(_l("Nothing was sold in %(n)s periods.")),
        "stock.forecast_mean": Text(
            _l("Sold in most periods: the mean of the last %(n)s, %(sold)s in %(days)s days.")
        ),
        "stock.forecast_sba": Text(
            _l("Sold now and then, %(sales)s of %(n)s periods: size and interval smoothed (SBA).")
        ),
        "stock.forecast_tsb": Text(
            _l(
                "Nothing sold in the last %(silent)s of %(n)s periods: the chance of a sale "
                "falls (TSB)."
            )
        ),
        "count.nothing": Text(
            _l("No quantity is entered."), _l("Enter what was counted, 0 where nothing lies there.")
        ),
        "count.in_future": Text(
            _l("%(on)s is still to come."), _l("Choose today or an earlier day.")
        ),
        "count.not_whole": Text(
            _l("%(product)s: «%(value)s» is no count."),
            _l("Enter whole units, 0 or more, without letters."),
        ),
        "count.twice": Text(
            _l("%(product)s stands in the count twice for the same place."),
            _l("Add up what was counted there."),
        ),
        "count.gap": Text(
            _l(
                "%(product)s: counted %(counted)s, expected %(expected)s: gap %(gap)s "
                "(%(percent)s %%), above the bound of %(bound)s %%."
            ),
            _l("Ask the distributor, then close the follow-up with what came of it."),
        ),
        "follow_up.result_needed": Text(
            _l("A follow-up is closed with its result."), _l("Write what came of it.")
        ),
        "follow_up.closed": Text(_l("The follow-up is closed already."), _l("Look at it again.")),
        "visit.in_future": Text(
            _l("%(on)s is still to come."), _l("Choose today or an earlier day.")
        ),
        "visit.nothing": Text(
            _l("Neither a visit nor an order is logged."), _l("Tick what took place.")
        ),
        "visit.quantity": Text(
            _l("A quantity belongs to an order."), _l("Tick the order, or clear the quantity.")
        ),
        "visit.closed": Text(_l("The outlet is closed."), _l("Reopen it before you log a visit.")),
    }
)
