"""Why a settled period is looked at again: what its newest statement was computed from, held
against what is found now, with the documents that are new since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.rebates import RebateRun, RebateStatement
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries.rebates_money import PAID
from channel.queries.rebates_seen import Seen
from channel.queries.rebates_settling import Settling
from channel.queries.rebates_sums import Owner

#: So many new documents are named on a statement.
SHOWN = 12


@dataclass(frozen=True)
class News:
    """New documents of one owner: their numbers, and whether some take back."""

    numbers: tuple[str, ...]
    has_invoices: bool
    has_returns: bool


def say(rows: Sequence[dict[str, Any]], settled: Settling, since: Seen) -> None:
    """Write the reasons into rows of a period that was settled before; two or three reads."""
    moved = [row for row in rows if row["amount_fen"]]
    owners = {row["distributor_id"] for row in moved}
    if not owners:
        return
    old = _newest(settled, owners)
    news = _news(settled, since, owners)
    for row in moved:
        owner = (row["distributor_id"], row["currency"])
        row["reasons"] = _reasons(settled, row, old.get(owner), news.get(owner))


def _newest(settled: Settling, owners: set[int]) -> dict[Owner, Any]:
    """The newest posted statement of each owner for the very period."""
    s, run = RebateStatement, RebateRun
    newest = (
        sa.select(sa.func.max(s.id))
        .join(run, run.id == s.run_id)
        .where(
            run.state == "posted",
            s.policy_code == settled.policy.code,
            s.period_start == settled.period.start,
            s.period_end == settled.period.end,
            s.distributor_id.in_(owners),
        )
        .group_by(s.distributor_id, s.currency)
    )
    rows = db.session.execute(
        sa.select(s.distributor_id, s.currency, s.facts, s.base_e4, s.policy_id).where(
            s.id.in_(newest)
        )
    )
    return {(row.distributor_id, row.currency): row for row in rows}


def _news(settled: Settling, since: Seen, owners: set[int]) -> dict[Owner, News]:
    """The documents with new lines on the days that count, some of each owner."""
    line = InvoiceLine
    day = line.shipped_on if settled.terms.base.kind == "shipped" else line.counts_on
    place = sa.func.row_number().over(
        partition_by=(line.distributor_id, line.currency, Invoice.kind), order_by=Invoice.id
    )
    ranked = (
        sa.select(
            line.distributor_id.label("owner"),
            line.currency.label("currency"),
            Invoice.kind.label("kind"),
            Invoice.number.label("number"),
            place.label("place"),
        )
        .join_from(line, Invoice, Invoice.id == line.invoice_id)
        .where(
            line.id > since.lines,
            day >= settled.counted.start,
            day < settled.counted.end,
            line.distributor_id.in_(owners),
        )
        .group_by(line.distributor_id, line.currency, Invoice.kind, Invoice.number, Invoice.id)
        .subquery()
    )
    found: dict[Owner, list[tuple[str, str]]] = {}
    for row in db.session.execute(
        sa.select(ranked).where(ranked.c.place <= SHOWN).order_by(ranked.c.number)
    ):
        found.setdefault((row.owner, row.currency), []).append((row.kind, row.number))
    return {
        owner: News(
            tuple(number for _kind, number in own)[:SHOWN],
            any(kind != "credit_note" for kind, _number in own),
            any(kind == "credit_note" for kind, _number in own),
        )
        for owner, own in found.items()
    }


def _reasons(
    settled: Settling, row: Mapping[str, Any], old: Any, news: News | None
) -> dict[str, list[str]]:
    """{"reasons": codes of channel.documents.parts.TrueUp, "refs": documents and cases}."""
    found: list[str] = []
    refs: list[str] = []
    before: Mapping[str, Any] = (old.facts if old is not None else None) or {}
    now = row["facts"]
    is_paid = settled.terms.base.kind in PAID
    is_base = old is None or old.base_e4 != row["base_e4"] or _moved(before, now, "quantity")
    if is_base and is_paid:
        found.append("payments")
    elif is_base and news is not None:
        found += ["late_invoices"] if news.has_invoices else []
        found += ["returns"] if news.has_returns else []
        refs += news.numbers
    elif is_base:
        found.append("late_invoices")
    if old is not None and old.policy_id != row["policy_id"]:
        found.append("terms")
    changed = _changed_conditions(before, now)
    if changed:
        found.append("conditions")
        for kind in changed:
            refs += now.get("evidence", {}).get(kind, {}).get("refs", ())
    if _moved(before, now, "reduced_e4"):
        found.append("other_policies")
    if any(_moved(before, now, name) for name in ("reference_e4", "orders")):
        found.append("evidence")
    if not found:
        # Sales of others of the group, or of a period before that is added up.
        found.append("late_invoices")
    return {"reasons": found, "refs": list(dict.fromkeys(refs))[:SHOWN]}


def _moved(before: Mapping[str, Any], now: Mapping[str, Any], name: str) -> bool:
    if "parts" not in before:
        return False
    old = {part: figures.get(name) for part, figures in before["parts"].items()}
    new = {part: figures.get(name) for part, figures in now["parts"].items()}
    names = old.keys() | new.keys()
    return any(old.get(part) != new.get(part) for part in names)


def _changed_conditions(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    old, new = before.get("evidence", {}), now.get("evidence", {})
    return sorted(
        kind
        for kind in old.keys() | new.keys()
        if old.get(kind, {}).get("value") != new.get(kind, {}).get("value")
    )
