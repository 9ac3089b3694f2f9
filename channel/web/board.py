"""The risk board: each tile opens the list whose total it shows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from channel import clock
from channel.access import Permission
from channel.queries import board as reads
from channel.queries import partners
from channel.queries.credit_recount import last_control
from channel.web.pages import actor, page, show

bp = Blueprint("board", __name__)

GROUPS = {
    "money": _l("Money"),
    "stopped": _l("Stopped or missing"),
    "market": _l("Market"),
    "contracts": _l("Contracts and rebates"),
}
#: key → (what the figure is, icon)
WORDS = {
    "overdue": (_l("overdue"), "clock"),
    "over_90": (_l("overdue for more than 90 days"), "alert-triangle"),
    "exposure": (_l("credit used"), "credit-card"),
    "over_limit": (_l("debtors over their limit"), "ban"),
    "over_pool": (_l("shared limits exceeded"), "sitemap"),
    "risk_high": (_l("distributors of high risk this week"), "alert-circle"),
    "risk_grew": (_l("risk scores that grew since last week"), "chart-line"),
    "parked": (_l("receipts parked"), "cash"),
    "stopped_orders": (_l("orders stopped by a rule"), "shopping-cart"),
    "stopped_shipments": (_l("shipments stopped by a rule"), "truck-delivery"),
    "late_reports": (_l("inventory reports of last month missing"), "clipboard-list"),
    "reports_wait": (_l("inventory reports wait for the channel manager"), "hourglass"),
    "hidden_outflow": (_l("goods with hidden outflow in the last quarter reported"), "eye"),
    "diversion": (_l("cross-territory cases open"), "map-pin"),
    "price": (_l("resale price incidents open"), "tag"),
    "promotion": (_l("unauthorised promotions open"), "discount"),
    "local": (_l("local incidents open"), "building-store"),
    "expiring_soon": (_l("agreements end within 30 days"), "hourglass"),
    "expiring": (_l("agreements end within 90 days, not renewed"), "file-certificate"),
    "pending": (_l("exceptions applied for"), "shield-lock"),
    "rebate_owed": (_l("rebate owed"), "percentage"),
}


@page(bp, "/board", Permission.BOARD_READ)
def index() -> Any:
    today = clock.today()
    return show(
        "board/index.html",
        groups=GROUPS,
        words=WORDS,
        figures=reads.figures(actor(), today),
        address=reads.address,
        control=last_control(),
        maker=partners.get_maker(),
        today=today,
    )
