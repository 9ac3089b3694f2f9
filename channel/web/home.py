"""The home page: what waits for me comes first, then the figures with the lists behind them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from channel.access import Permission, Role
from channel.queries import credit_held, partners
from channel.queries import home as reads
from channel.web.pages import actor, page, show

bp = Blueprint("home", __name__)

#: key → sentence of a task.
TASKS = {
    "inbox": _l("exceptions wait for your decision"),
    "reviews": _l("outcomes of exceptions are due for review"),
    "sent_back": _l("of your applications were sent back"),
    "agreements": _l("agreement versions wait for approval"),
    "prices": _l("prices wait for approval"),
    "suggested": _l("suggested prices wait for approval"),
    "unheard": _l("incidents wait to be acknowledged"),
    "promotions": _l("promotions wait for approval"),
    "plans": _l("target plans wait for your signature"),
    "notices": _l("notices wait for your answer"),
    "limits": _l("credit limits wait for approval"),
    "credit_policies": _l("credit policies wait for approval"),
    "pool_limits": _l("shared limits wait for approval"),
    "grades": _l("credit grades wait for a second person"),
    "score_cards": _l("score cards wait for approval"),
    "runs": _l("rebate runs are reviewed and can be posted"),
    "policies": _l("rebate policies wait for approval"),
    "rebates_to_approve": _l("payments of rebates wait for your approval"),
    "rebates_to_pay": _l("approved rebates are to be transferred"),
    "rebates_expire": _l("rebates expire within 30 days: use them"),
    "stopped_orders": _l("orders are stopped"),
    "stopped_shipments": _l("shipments are stopped"),
    "to_invoice": _l("shipments can be invoiced"),
    "reports": _l("inventory reports of last month are missing"),
    "reports_wait": _l("inventory reports wait for your decision"),
    "reports_back": _l("inventory reports were sent back: correct and file again"),
    "waivers_end": _l("exceptions end within 30 days"),
    "agreements_end": _l("agreements end within 90 days"),
    "licences_end": _l("business licences end within 30 days or have ended"),
    "broken_promises": _l("promises to pay were broken: ask why"),
    "disputes": _l("disputes wait for an answer"),
    "to_correct": _l("accepted disputes wait to be put right"),
    "replies": _l("rebate statements wait for your reply"),
    "to_pay": _l("invoices are due within three days or overdue"),
    "exchanges_filed": _l("exchange claims wait for your decision"),
    "exchanges_to_send": _l("exchanges are approved: send the goods back"),
    "exchanges_to_count": _l("exchanges are on the way and will be counted"),
    "exchanges_disputed": _l("exchanges have a disputed rest"),
    "exchanges_to_settle": _l("exchanges can be settled"),
    "duties": _l("free duties are due within a week or overdue"),
}

#: What each role does most, as the first buttons: (endpoint, label, icon).
ACTIONS: dict[Role, tuple[tuple[str, Any, str], ...]] = {
    Role.DISTRIBUTOR: (
        ("orders.new", _l("New order"), "shopping-cart"),
        ("stock.file", _l("File an inventory report"), "clipboard-list"),
        ("rebates.statements", _l("My rebate statements"), "file-text"),
    ),
    Role.CHANNEL_MANAGER: (
        ("exceptions.inbox", _l("Approvals"), "inbox"),
        ("agreements.new", _l("Draft an agreement"), "file-certificate"),
        ("shipments.choose", _l("Plan a shipment"), "truck-delivery"),
    ),
    Role.FINANCE: (
        ("receivables.new", _l("Book a receipt"), "cash"),
        ("rebates.runs", _l("Rebate runs"), "percentage"),
        ("receivables.ageing", _l("Ageing"), "clock"),
    ),
    Role.SALES_REP: (
        ("orders.new", _l("New order"), "shopping-cart"),
        ("exceptions.choose", _l("Apply for exception"), "shield-lock"),
    ),
    Role.OWNER: (
        ("exceptions.inbox", _l("Approvals"), "inbox"),
        ("credit.index", _l("Credit"), "credit-card"),
    ),
    Role.ADMIN: (
        ("accounts.invite", _l("Invite a user"), "users"),
        ("uploads.index", _l("Imports"), "database-import"),
    ),
    Role.AUDITOR: (("audit.index", _l("Audit trail"), "history"),),
}


@page(bp, "/", Permission.HOME)
def index() -> Any:
    who = actor()
    maker = partners.get_maker()
    months = reads.invoiced_by_month(who, maker.currency)
    series = {
        "axis": _("month"),
        "labels": [m for m, _fen in months],
        "series": [{"label": _("net"), "values": [fen / 100 for _m, fen in months]}],
    }
    return show(
        "home/index.html",
        tasks=reads.tasks(who),
        words=TASKS,
        actions=ACTIONS[who.role],
        figures=reads.figures(who),
        months=months,
        series=series,
        maker=maker,
        waits=credit_held.waiting_of(who, who.distributor_id) if who.distributor_id else [],
    )
