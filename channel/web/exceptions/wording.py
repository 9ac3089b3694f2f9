"""What a request asks for and what it would change, as a person says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from channel import clock
from channel.messages import format_date, format_fen
from channel.queries import catalogue, territories
from channel.queries.exceptions_brief import Brief


@dataclass(frozen=True)
class Known:
    """Names of the divisions and goods that requests ask for, read for all of them at once."""

    places: dict[str, str]
    goods: dict[int, str]


def known_of(records: Iterable[Any]) -> Known:
    """What the words of these requests need, in two statements."""
    asked = [record.asked for record in records]
    codes = {a["division_code"] for a in asked if a.get("division_code")}
    ids = {a["product_id"] for a in asked if a.get("product_id")}
    products = catalogue.products_by_id(ids) if ids else {}
    return Known(territories.names(codes, clock.today()), {i: p.name for i, p in products.items()})


def asked_words(record: Any, known: Known | None = None) -> list[tuple[str, str]]:
    """What is asked, as label and figure."""
    asked, currency = record.asked, record.currency
    known = known or known_of([record])
    words = []
    if asked.get("floor_fen"):
        words.append((_("minimum shipment asked for"), format_fen(asked["floor_fen"], currency)))
    if asked.get("amount_fen"):
        words.append((amount_label(record.type), format_fen(asked["amount_fen"], currency)))
    if code := asked.get("division_code"):
        words.append((_("division"), f"{code} {known.places.get(code, '')}".strip()))
    if asked.get("unit_gross_fen"):
        words.append((_("product"), known.goods.get(asked["product_id"], "")))
        words.append((_("special price incl. VAT"), format_fen(asked["unit_gross_fen"], currency)))
        words.append((_("quantity at this price"), str(asked["max_quantity"])))
    if asked.get("extra_days"):
        words.append((days_label(record.type), str(asked["extra_days"])))
    return words


def amount_label(kind: str) -> str:
    """What the amount is, by the kind of exception."""
    if kind == "delivery_place":
        return _("freight to be waived")
    if kind == "support":
        return _("support over the budget")
    return _("amount asked for")


def days_label(kind: str) -> str:
    return _("days later to pay") if kind == "terms" else _("days later to claim")


def change_words(record: Any, brief: Brief) -> str:
    """One sentence: what holds today and what would hold with the exception."""
    asked, currency = record.asked, record.currency

    def money(fen: int) -> str:
        return str(format_fen(fen, currency))

    last = format_date(record.valid_to - timedelta(days=1))
    facts: dict[str, Any] = {"last": last, "first": format_date(record.valid_from)}
    place = ""
    if code := asked.get("division_code"):
        place = f"{code} {territories.names([code], clock.today()).get(code, '')}".strip()
    facts["place"] = place
    if record.type == "minimum":
        now = money(brief.floor_fen or 0)
        return _(
            "A shipment passes from %(asked)s instead of %(now)s, until %(last)s.",
            asked=money(asked["floor_fen"]),
            now=now,
            last=last,
        )
    if record.type == "credit":
        return _(
            "%(asked)s more may go out than the limit or the overdue rule allows, until %(last)s.",
            asked=money(asked["amount_fen"]),
            last=last,
        )
    if record.type == "territory":
        return _("Goods may go to %(place)s, outside the territory, until %(last)s.", **facts)
    if record.type == "price":
        return _price_words(record, brief, money, last)
    return _other_words(record, brief, money, facts)


def _price_words(record: Any, brief: Brief, money: Any, last: str) -> str:
    asked = record.asked
    unit, quantity = asked["unit_gross_fen"], asked["max_quantity"]
    if not brief.book_fen:
        return _(
            "%(quantity)s at %(unit)s each, until %(last)s.",
            quantity=quantity,
            unit=money(unit),
            last=last,
        )
    return _(
        "%(quantity)s at %(unit)s instead of %(book)s each: %(cost)s less in all, until %(last)s.",
        quantity=quantity,
        unit=money(unit),
        book=money(brief.book_fen),
        cost=money((brief.book_fen - unit) * quantity),
        last=last,
    )


def _other_words(record: Any, brief: Brief, money: Any, facts: dict[str, Any]) -> str:
    asked = record.asked
    if record.type == "expiry":
        return _(
            "%(asked)s may go out without a contract in force, until %(last)s.",
            asked=money(asked["amount_fen"]),
            last=facts["last"],
        )
    if record.type == "level":
        if brief.holders:
            return _(
                "%(place)s opens for this distributor from %(first)s to %(last)s, and in these days"
                " it leaves the territory of %(holders)s where that holds it as part of a larger"
                " area.",
                holders=_(", ").join(brief.holders),
                **facts,
            )
        if brief.holders is None:
            return _("%(place)s opens for this distributor from %(first)s to %(last)s.", **facts)
        return _(
            "%(place)s opens for this distributor from %(first)s to %(last)s; nobody else holds"
            " it.",
            **facts,
        )
    if record.type == "terms":
        return _(
            "What is shipped from %(first)s to %(last)s may be paid %(days)s days later than the"
            " contract says.",
            days=asked["extra_days"],
            **{k: facts[k] for k in ("first", "last")},
        )
    if record.type == "exchange":
        return _(
            "Slow movers may be claimed for exchange %(days)s days after the window, until"
            " %(last)s.",
            days=asked["extra_days"],
            last=facts["last"],
        )
    if record.type == "delivery_place":
        return _(
            "The freight of a late change of the delivery place is waived up to %(asked)s, until"
            " %(last)s.",
            asked=money(asked["amount_fen"]),
            last=facts["last"],
        )
    return _(
        "%(asked)s of support may be granted over the budget, until %(last)s.",
        asked=money(asked["amount_fen"]),
        last=facts["last"],
    )
