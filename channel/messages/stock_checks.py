"""What is said of the checks of reports: causes, suspicions, versions, filing and the score."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from channel.messages.acts import SUBJECTS, register_acts
from channel.messages.states import STATES
from channel.messages.stock import COLUMNS
from channel.messages.texts import WORDS, Text, register

register(
    {
        "stock.within_tolerance": Text(
            _(
                "%(product)s: receipts %(reported)s, shipments %(shipped)s; the difference "
                "%(difference)s is within the tolerance."
            )
        ),
        "stock.cause.in_transit": Text(
            _(
                "Probable cause: still on the road. Our last shipments %(numbers)s of %(days)s "
                "hold exactly the missing %(quantity)s."
            ),
            _("Leave the receipts; enter the goods under «in transit» and say so as the reason."),
        ),
        "stock.cause.arrived_late": Text(
            _(
                "Probable cause: shipments of the time before arrived now. %(numbers)s of "
                "%(days)s hold exactly the %(quantity)s too much."
            ),
            _("If the report before did not count them, say so as the reason."),
        ),
        "stock.cause.pack": Text(
            _(
                "Probable cause: wrong unit. %(entered)s in place of %(wanted)s is exactly the "
                "factor %(case)s of the case."
            ),
            _("Enter base units, or say once what the unit of the file means."),
        ),
        "stock.cause.ten": Text(
            _(
                "Probable cause: a nought too many or too few. %(entered)s in place of "
                "%(wanted)s is exactly the factor %(factor)s."
            ),
            _("Look at the paper and correct the figure."),
        ),
        "stock.cause.swapped": Text(
            _(
                "Probable cause: two digits changed places. %(entered)s in place of %(wanted)s; "
                "the difference %(difference)s is divisible by nine."
            ),
            _("Look at the paper and correct the figure."),
        ),
        "stock.cause.permuted": Text(
            _(
                "Probable cause: digits in the wrong order. %(entered)s in place of %(wanted)s "
                "has the same digits; the difference %(difference)s is divisible by nine."
            ),
            _("Look at the paper and correct the figure."),
        ),
        "stock.cause.returned": Text(
            _(
                "Probable cause: a return not written down. Our credit notes of the period say "
                "%(returned)s came back, exactly the difference %(difference)s."
            ),
            _("Enter it under «returns to the maker»."),
        ),
        "stock.cause.left_out": Text(
            _(
                "Probable cause: rows that are not counted. The codes %(codes)s hold exactly the "
                "missing %(quantity)s."
            ),
            _("Say which of our goods the codes are."),
        ),
        "stock.cause.restated": Text(
            _(
                "Probable cause: the report before was filed again. Its version %(version)s "
                "closed with %(was)s, the current one closes with %(now)s."
            ),
            _("Take over the new closing as opening."),
        ),
        "stock.cause.grey": Text(
            _(
                "Probable cause: bought from somebody else. %(quantity)s more than the "
                "%(shipped)s that we shipped came in."
            ),
            _("Ask for the delivery note; without one, open a case of cross-territory sales."),
        ),
        "stock.outlier": Text(
            _(
                "Sell-out %(sold)s of %(product)s is unusual: the median of %(periods)s periods "
                "is %(median)s (MAD %(mad)s), and it lies further off than %(limit)s."
            ),
            _("Correct the figure, or give the reason on the line."),
        ),
        "stock.expired": Text(
            _("%(quantity)s of %(product)s, batch %(batch)s expired on %(expires)s and can no "
              "longer be sold."),
            _("Enter them under «held» or «losses», or give the reason."),
        ),
        "stock.expired_sold": Text(
            _("%(quantity)s of %(product)s, batch %(batch)s were sold after they had expired on "
              "%(expires)s, for certain: before the period began."),
            _("Correct the batch or the date, or give the reason."),
        ),
        "stock.expired_sold_possible": Text(
            _("%(quantity)s of %(product)s, batch %(batch)s may have been sold after they expired "
              "on %(expires)s, within the period."),
        ),
        "stock.near_expiry": Text(
            _("%(quantity)s of %(product)s, batch %(batch)s have less than a third of their life "
              "left; they expire on %(expires)s."),
        ),
        "stock.not_submitted": Text(
            _("The report of %(period)s does not wait for a decision."),
            _("Look at its page again."),
        ),
        "stock.own_report": Text(
            _("You filed the report of %(period)s yourself."),
            _("Let somebody else accept it."),
        ),
        "stock.decision_reason": Text(
            _("A report is sent back with a reason only."), _("Say what is to be corrected.")
        ),
    }
)  # fmt: skip

#: Parts of the score: (name, what is looked at).
PART_WORDS: dict[str, tuple[Any, Any]] = {
    "on_time": (_("on time"), _("first filed by the due day")),
    "complete": (_("complete"), _("goods in stock before or shipped in half a year are reported")),
    "arithmetic": (_("arithmetic"), _("lines that balance")),
    "continuity": (
        _("continuity"),
        _("openings equal the closings before, as they stood when it was filed"),
    ),
    "reconciliation": (_("reconciliation"), _("goods whose receipts agree with our shipments")),
    "mapped": (_("mapped"), _("rows of the file that count, not left out by hand")),
    "batch": (_("batch given"), _("lines with goods that name their batch")),
    "unrestated": (_("not filed again"), _("this is the first version")),
}
#: Why a part was not looked at.
QUALITY_NOTES: dict[str, Any] = {
    "first": _("no report before to compare with"),
    "none_shipped": _("we never shipped to this distributor"),
    "none": _("nothing to look at"),
}
REMINDER_STEPS: dict[str, Any] = {
    "before": _("before the due day"),
    "on": _("on the due day"),
    "after": _("after the due day"),
}
WORDS.setdefault("column", {}).update(COLUMNS)

STATES.update(
    {
        "submitted": (_("waits for the channel manager"), "azure"),
        "in_time": (_("in time"), "green"),
        "missing": (_("missing"), "red"),
        "not_due": (_("not due yet"), "secondary"),
        "certain": (_("certain"), "red"),
        "possible": (_("possible"), "orange"),
        "explained": (_("explained"), "green"),
        "gaps": (_("reports are missing"), "secondary"),
    }
)

SUBJECTS.setdefault("inventory_report", _("inventory report"))

register_acts(
    {
        "stock:approve": _("accepted the report"),
        "stock:send_back": _("sent the report back"),
        "stock:remind": _("reminded of the report"),
    }
)
