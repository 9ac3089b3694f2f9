"""How money, dates and rates are written, for every page, mail and file; one place, no locale
tables per row, because a list page formats hundreds of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from channel import clock
from contracts.values.money import Money
from contracts.values.rates import Rate

#: A true minus, not a hyphen.
MINUS = "\N{MINUS SIGN}"
SIGNS = {"CNY": "¥"}


def format_fen(fen: int | None, currency: str = "CNY", *, sign: bool = True) -> str:
    """¥12,345.60, −¥1.00, USD 12.00; without the currency where a column head prints it."""
    if fen is None:
        return ""
    whole, rest = divmod(abs(fen), 100)
    figure = f"{whole:,}.{rest:02d}"
    lead = (SIGNS.get(currency) or f"{currency} ") if sign else ""
    return f"{MINUS if fen < 0 else ''}{lead}{figure}"


def format_e4(e4: int | None) -> str:
    """Four decimals as posted, trailing zeros beyond two dropped: 2,024.994 and 12.50."""
    if e4 is None:
        return ""
    whole, rest = divmod(abs(e4), 10_000)
    decimals = f"{rest:04d}".rstrip("0").ljust(2, "0")
    return f"{MINUS if e4 < 0 else ''}{whole:,}.{decimals}"


def format_money(money: Money) -> str:
    """The exact figure: two decimals, or more where the amount has them."""
    e4 = int(money.amount * 10_000)
    if Decimal(e4) == money.amount * 10_000 and e4 % 100 == 0:
        return format_fen(e4 // 100, money.currency)
    lead = SIGNS.get(money.currency) or f"{money.currency} "
    text = f"{abs(money.amount):,f}"
    return f"{MINUS if money.amount < 0 else ''}{lead}{text}"


def format_number(value: int | Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value:,}".replace("-", MINUS)


def format_points(value: Decimal | None) -> str:
    """A lead with its sign: +11.1, −6.8."""
    if value is None:
        return ""
    return f"{'+' if value > 0 else ''}{value:,}".replace("-", MINUS)


def format_date(value: date | None) -> str:
    return value.isoformat() if value else ""


def format_instant(value: datetime | None) -> str:
    """The time that clocks in China showed."""
    return value.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") if value else ""


#: Facts that name a place in a file are written as they stand there, without thousands marks.
PLACES = frozenset({"row", "first", "rows", "first_row", "year", "number"})


def format_fact(value: Any, name: str = "") -> str:
    """A fact of a finding as people read it."""
    if name in PLACES and isinstance(value, int):
        return str(value)
    if isinstance(value, Money):
        return format_money(value)
    if isinstance(value, Rate):
        return str(value)
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | Decimal):
        return format_number(value)
    if isinstance(value, tuple | list | set | frozenset) and isinstance(value, Iterable):
        return gettext(", ").join(format_fact(v, name) for v in value)
    return "" if value is None else str(value)
