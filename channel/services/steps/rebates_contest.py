"""The lines of a statement that can be contested, and how much of the rebate rests on each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.rebates import RebateStatement
from channel.queries import rebates_rows
from channel.queries.rebates_policies import terms_of
from contracts.rebates import contest
from contracts.rebates.compute import compute
from contracts.rebates.contest import Contest, Line
from contracts.rebates.figures import Facts, facts_from_json, plain
from contracts.rebates.model import RebateTerms

#: In the order in which they are offered.
KINDS = ("base", "line", "missing", "tier", "condition", "granted")
#: Of these a figure may be claimed: value of the line, or of the amount.
WITH_FIGURE = ("base", "line", "missing", "granted")


@dataclass(frozen=True)
class Contestable:
    """One line: its key among its kind, how people read it, its figure, and what rests on it.

    `e4` is None where the line is no figure: a tier or a condition. `rests_fen` is what the
    rebate would lose without it, or gain (negative).
    """

    kind: str
    key: str
    label: str
    e4: int | None = None
    quantity: int = 0
    part: str = ""
    rests_fen: int = 0


def facts_of(statement: RebateStatement) -> Facts:
    """What the statement was computed from; of before facts were kept, its base alone."""
    if statement.facts is None:
        return plain(statement.base_e4)
    return facts_from_json(statement.facts)


def contest_of(
    statement: RebateStatement, line: Contestable, claimed_e4: int | None = None
) -> Contest:
    """The entitlement as stated, and as claimed; without a figure, without the line."""
    terms, facts = terms_of(statement.policy), facts_of(statement)
    currency = statement.currency
    if line.kind == "condition":
        return contest.without_condition(terms, facts, line.key, currency)
    if line.kind == "tier":
        return contest.without_tier(terms, facts, int(line.key), currency)
    if line.kind == "granted":
        # More granted before is less granted now: the sign turns.
        before = statement.granted_before_fen
        said = 0 if claimed_e4 is None else claimed_e4 // 100
        return contest.amounts(statement.entitlement_fen - before, statement.entitlement_fen - said)
    counted = Line(line.e4 or 0, line.quantity, line.part)
    claimed = claimed_e4
    if claimed is not None and terms.base.measure == "quantity":
        claimed //= 10_000
    return contest.of_line(terms, facts, counted, claimed, currency)


def lines_of(statement: RebateStatement) -> list[Contestable]:
    """Everything of a posted statement that can be contested but single invoice lines."""
    terms = terms_of(statement.policy)
    document: Any = statement.document or {}
    found = [_base_line(terms, line) for line in document.get("base_lines", ())]
    result = compute(terms, facts_of(statement), statement.currency)
    hit = dict.fromkeys(
        rung.number for part in result.parts for rung in part.rungs if rung.hit or rung.amount
    )
    found += [Contestable("tier", str(number), str(number)) for number in hit]
    found += [Contestable("condition", one.kind, one.kind) for one in result.conditions]
    if statement.granted_before_fen:
        before = statement.granted_before_fen
        found.append(Contestable("granted", "before", "", before * 100))
    return [replace(line, rests_fen=-contest_of(statement, line).difference_fen) for line in found]


def _base_line(terms: RebateTerms, line: dict[str, Any]) -> Contestable:
    code = str(line["group"]).partition(" ")[0]
    part = line.get("part") or (code if terms.scope == "product_group" else "")
    return Contestable(
        "base",
        f"{line['month']}|{line['group']}"[:200],
        f"{line['month']} {line['group']}",
        line["net_e4"],
        line.get("quantity", 0),
        part,
    )


def invoice_line(
    actor: Actor, statement: RebateStatement, number: str, line_no: int
) -> Contestable | None:
    """An invoice line that counts towards the statement; None where it is not one of its lines."""
    listing = rebates_rows.lines_of(statement)
    of = {column.key: column.expression for column in listing.columns}
    row = db.session.execute(
        sa.select(
            listing.identity,
            of["amount_e4"],
            of["quantity"],
            Product.code,
            ProductGroup.code,
        )
        .select_from(listing.source)
        .where(listing.scope(actor), of["number"] == number, of["line_no"] == line_no)
        .where(listing.identity.is_not(None))
    ).first()
    if row is None:
        return None
    line_id, e4, quantity, product, group = row
    parts = {"product": product, "product_group": group}
    part = parts.get(terms_of(statement.policy).scope, "")
    line = Contestable(
        "line", str(line_id), f"{number} / {line_no} {product}", int(e4), quantity, part
    )
    return replace(line, rests_fen=-contest_of(statement, line).difference_fen)
