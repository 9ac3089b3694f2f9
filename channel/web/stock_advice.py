"""Pages of stock advice: levels by method, one product's figures, ages, expiry, slow movers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.stock_advice import AGE_WORDS, FIGURE_WORDS
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.queries import (
    audit,
    stock_advice_levels,
    stock_advice_list,
    stock_ages,
    stock_layers_goods,
)
from channel.queries.scope import get_visible
from channel.queries.stock_advice_levels import Advices, Advised
from channel.rules.layers import Ages
from channel.services.stock_policies import Choice, set_policy
from channel.services.work import Refused
from channel.web import lists, stock_charts
from channel.web.forms.refusals import show_refusal
from channel.web.forms.stock_advice import PolicyForm, method_choices
from channel.web.pages import actor, day_asked, page, see_other, show

bp = Blueprint("stock_advice", __name__)

#: Periods whose layers a page looks back over.
LAYERS_BACK = timedelta(days=400)
#: The address may ask for no more days than this without movement.
SLOW_DAYS_MAX = 365


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages of what lies at distributors, beside one another."""
    places = [
        ("stock_advice.index", _("Stock advice")),
        ("stock_advice.ages", _("Stock by age")),
        ("stock_advice.expiry", _("Near expiry")),
        ("stock_advice.slow", _("Slow movers")),
    ]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in places]


@page(bp, "/stock/advice", Permission.STOCK_READ)
def index() -> Any:
    who = actor()
    if who.is_distributor and who.distributor_id is not None:
        return see_other("stock_advice.record", id=who.distributor_id)
    listing = stock_advice_list.advised_list(clock.today())
    return lists.answer(listing, tabs=tabs("stock_advice.index"))


@page(bp, "/stock/ages", Permission.STOCK_READ)
def ages() -> Any:
    """Every layer of stock with its age."""
    return _aged(stock_ages.layers_list(day_asked()), "stock_advice.ages")


@page(bp, "/stock/expiry", Permission.STOCK_READ)
def expiry() -> Any:
    """Every batch with its days to expiry."""
    return _aged(stock_ages.expiry_list(day_asked()), "stock_advice.expiry")


@page(bp, "/stock/slow", Permission.STOCK_READ)
def slow() -> Any:
    """What does not move, with the window to exchange it counting down."""
    asked = request.args.get("days", "")
    days = int(asked) if asked.isdecimal() and len(asked) < 4 else stock_ages.SLOW_DAYS
    days = min(max(days, 1), SLOW_DAYS_MAX)
    return _aged(stock_ages.slow_list(day_asked(), days), "stock_advice.slow", days=days)


def _aged(listing: Any, here: str, **values: Any) -> Any:
    return lists.answer(
        listing, "stock/ages.html", tabs=tabs(here), on=day_asked(), here=here, **values
    )


@page(bp, "/stock/lines/<int:id>", Permission.STOCK_READ)
def line(id: int) -> Any:
    """From a row of a list to the page of its product."""
    row = stock_advice_list.goods_of_row(actor(), id)
    return see_other("stock_advice.goods", id=row.report.distributor_id, product=row.product_id)


@page(bp, "/stock/slow/<int:id>/claim", Permission.STOCK_READ)
def claim(id: int) -> Any:
    """One click from a slow mover to its exchange claim, with batch and quantity filled in."""
    found = stock_advice_list.slow_layer(actor(), id)
    view = current_app.view_functions.get("exchanges.new")
    if view is not None and may(actor(), view.permission):  # type: ignore[attr-defined]
        address = url_for(
            "exchanges.new",
            distributor=found.distributor_id,
            product=found.product_id,
            batch=found.batch,
            quantity=found.quantity,
        )
        return redirect(address, code=303)
    return see_other("stock_advice.goods", id=found.distributor_id, product=found.product_id)


def _report(id: int) -> tuple[Distributor, InventoryReport | None]:
    distributor = get_visible(actor(), Distributor, id)
    return distributor, stock_advice_list.last_report(actor(), id)


@page(bp, "/stock/advice/<int:id>", Permission.STOCK_READ)
def record(id: int) -> Any:
    """The levels of all goods of a distributor, its ages, and the order that is suggested."""
    distributor, report = _report(id)
    if report is None:
        return show("stock/no_advice.html", distributor=distributor)
    today = clock.today()
    advices = stock_advice_levels.advise_by_method(report, today)
    aged = stock_layers_goods.stacks(report, today)
    values = _values([one.ages for one in aged.values()])
    buckets = [str(word) for word in AGE_WORDS.values()][: len(values)]
    return show(
        "stock/advice.html",
        distributor=distributor,
        report=report,
        upto=report.period_end - timedelta(days=1),
        today=today,
        advices=advices,
        aged=aged,
        buckets=buckets,
        values=values,
        chart=stock_charts.by_age(buckets, values, distributor.currency),
        order_link=_order_link(id, advices),
        tabs=tabs("stock_advice.index"),
    )


def _values(found: Sequence[Ages]) -> list[int]:
    """The value of all goods by age, in fen; quantities of different units do not add up."""
    return [sum(column) for column in zip(*(one.values_fen for one in found), strict=True)]


def _figures(one: Advised) -> list[tuple[Any, Decimal]]:
    """The steps of the level in words, to four decimals; the level itself counts exactly."""
    return [(FIGURE_WORDS[key], shown(value)) for key, value in one.ruling.figures.items()]


def shown(value: Decimal, places: str = "1.0000") -> Decimal:
    """Four decimals at most, no needless zeros."""
    rounded = value.quantize(Decimal(places))
    whole = rounded.to_integral_value()
    return whole if rounded == whole else rounded.normalize()


def short(value: Decimal) -> Decimal:
    """Two decimals at most."""
    return shown(value, "1.00")


def _order_link(id: int, advices: Advices) -> str:
    wanted = [one for one in advices.goods if one.suggestion.quantity]
    return url_for(
        "orders.new",
        distributor=id,
        product=[one.product.id for one in wanted],
        quantity=[one.suggestion.quantity for one in wanted],
    )


@page(bp, "/stock/advice/<int:id>/<int:product>", Permission.STOCK_READ, methods=("GET", "POST"))
def goods(id: int, product: int) -> Any:
    """One product: every figure of its level, the alternatives, the replay and the layers."""
    distributor, report = _report(id)
    if report is None:
        return show("stock/no_advice.html", distributor=distributor)
    advices = stock_advice_levels.advise_by_method(report, clock.today())
    one = advices.of(product)
    if one is None:
        return show("stock/no_advice.html", distributor=distributor), 404
    form = _policy_form(one)
    status = 200
    if request.method == "POST":
        if form.validate_on_submit() and _saved(id, product, form):
            return see_other("stock_advice.goods", id=id, product=product)
        status = 422
    policies = stock_advice_levels.policy_rows(id, product)
    since = report.period_end - LAYERS_BACK
    return show(
        "stock/goods.html",
        distributor=distributor,
        report=report,
        upto=report.period_end - timedelta(days=1),
        one=one,
        lead=advices.lead,
        figures=_figures(one),
        short=short,
        alternatives=stock_advice_levels.alternatives(one),
        chart=stock_charts.windows(one),
        aged=stock_layers_goods.stacks(report, clock.today())[product],
        past=stock_layers_goods.history(id, product, since, report.period_end),
        today=clock.today(),
        form=form,
        policies=policies,
        entries=audit.history(*(("stock_policy", p.id) for p in policies)) if policies else [],
    ), status  # fmt: skip


def _policy_form(one: Advised) -> PolicyForm:
    """What holds now, to be changed from today on."""
    plan, policy = one.plan, one.policy
    form = PolicyForm(
        request.form if request.method == "POST" else None,
        method=policy.method if policy else "",
        service_bp=int(plan.service * 10_000),
        review_days=plan.review_days,
        lead_days=policy.lead_days if policy else None,
        safety_days=plan.safety_days,
        cover_days=plan.cover_days,
        valid_from=clock.today(),
    )
    form.method.choices = method_choices()
    return form


def _saved(id: int, product: int, form: PolicyForm) -> bool:
    """Whether the choice was written; a refusal hangs on its field."""
    choice = Choice(
        method=form.method.data or "",
        valid_from=form.valid_from.data,
        service_bp=form.service_bp.data,
        review_days=form.review_days.data,
        lead_days=form.lead_days.data,
        safety_days=form.safety_days.data,
        cover_days=form.cover_days.data,
        reason=form.reason.data or "",
    )
    try:
        set_policy(actor(), id, product, choice)
    except Refused as refused:
        show_refusal(
            form,
            refused,
            {"stock.policy_reason": "reason", "stock.policy_past": "valid_from"},
        )
        return False
    flash(_("The choice is kept; it holds from %(day)s.", day=choice.valid_from.isoformat()))
    return True
