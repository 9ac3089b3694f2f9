"""Rows of the agreement form: targets, shares of the product mix, free duties.

A row is three inputs with a number in their names; empty rows are left out, and each unreadable
one gives a sentence with the remedy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from contracts.agreement import Terms
from contracts.clauses import MixRule, Obligation
from contracts.targets import Target
from contracts.values.periods import Period
from contracts.values.rates import Rate

ROWS = 60
#: Blank rows that stand ready, and how many there are at least.
SPARE = {"target": (2, 6), "mix": (1, 2), "duty": (1, 2)}
FIELDS = {
    "target": ("period", "amount", "goods"),
    "mix": ("group", "share", "kind"),
    "duty": ("text", "due", "owner"),
}

Row = tuple[str, str, str]


def typed_rows(form: Mapping[str, Any], name: str) -> list[Row]:
    """The rows of a kind as they were typed, without those left empty."""
    first, second, third = FIELDS[name]
    found = []
    for n in range(ROWS):
        row = tuple(str(form.get(f"{name}-{f}-{n}", "")).strip() for f in (first, second, third))
        # The third is a choice that always has a value; for targets it alone makes no row.
        if row[0] or row[1]:
            found.append((row[0], row[1], row[2]))
    return found


def with_spare(rows: Sequence[Row], name: str) -> list[Row]:
    """The rows with the blank ones that stand ready below them."""
    spare, least = SPARE[name]
    return [*rows, *[("", "", "")] * max(spare, least - len(rows))]


def rows_of(terms: Terms) -> dict[str, list[Row]]:
    """Stored terms as rows."""
    return {
        "target": [
            (t.period.label, _yuan(t.amount_fen), " ".join(sorted(t.goods))) for t in terms.targets
        ],
        "mix": [(r.group, f"{r.share.as_percent():f}", r.period_kind) for r in terms.mix],
        "duty": [(o.text, o.due.isoformat(), o.owner) for o in terms.obligations],
    }


def _yuan(fen: int) -> str:
    return str(fen // 100) if fen % 100 == 0 else f"{Decimal(fen).scaleb(-2):.2f}"


def read_targets(rows: Sequence[Row]) -> tuple[tuple[Target, ...], list[str]]:
    """Targets from (period, yuan, product group or nothing)."""
    targets, errors = [], []
    for n, (period, amount, goods) in enumerate(rows, start=1):
        try:
            span = Period.parse(period.upper())
        except ValueError:
            errors.append(
                _(
                    "Target %(n)s: «%(text)s» is not a period; write 2026Q3, 2026-10 or 2026.",
                    n=n,
                    text=period,
                )
            )
            continue
        fen = _fen(amount)
        if fen is None or fen <= 0:
            errors.append(
                _("Target %(n)s: «%(text)s» is not an amount: write 120000.", n=n, text=amount)
            )
            continue
        targets.append(Target(span, frozenset(goods.split()), fen))
    return tuple(targets), errors


def _fen(text: str) -> int | None:
    """Yuan as people type them, as fen; None for anything else or more than two decimals."""
    plain = text.translate(str.maketrans("，．", ",.", " ¥￥")).replace(",", "")
    try:
        amount = Decimal(plain).scaleb(2)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount != amount.to_integral_value() or abs(amount) > 10**15:
        return None
    return int(amount)


def read_mix(rows: Sequence[Row]) -> tuple[tuple[MixRule, ...], list[str]]:
    """Shares of the mix from (group, percent, kind of period)."""
    rules, errors = [], []
    for n, (group, share, kind) in enumerate(rows, start=1):
        try:
            rate = Rate.percent(share.rstrip("%％ "))
            rules.append(MixRule(group, rate, kind or "quarter"))  # type: ignore[arg-type]
        except ValueError:
            errors.append(_("Product mix %(n)s: choose a group and write a share such as 30.", n=n))
    return tuple(rules), errors


def read_duties(rows: Sequence[Row]) -> tuple[tuple[Obligation, ...], list[str]]:
    """Free duties from (text, due day, side)."""
    duties, errors = [], []
    for n, (text, due, owner) in enumerate(rows, start=1):
        try:
            day = date.fromisoformat(due.replace("/", "-"))
            duties.append(Obligation(text[:500], day, owner or "distributor"))  # type: ignore[arg-type]
        except ValueError:
            errors.append(
                _("Duty %(n)s: write what is to be done and a day such as 2027-03-31.", n=n)
            )
    return tuple(duties), errors
