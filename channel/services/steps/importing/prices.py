"""Dealer prices and credit limits by file: proposals that a second person puts in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import PriceBook, PriceEntry, Product
from channel.models.credit import CreditLimit
from channel.models.partners import Distributor
from channel.queries import catalogue
from channel.services.steps.importing.plan import Plan, Task, by_key, chunks, insert_many, yuan
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work
from contracts.values.money import fen_of

#: book id, product id, first day
Key = tuple[int, int, date]


def plan_prices(task: Task) -> Plan:
    """Prices by book, product and first day; an approved price is never changed by a file."""
    result = Plan()
    books = {b.code: b for b in db.session.scalars(sa.select(PriceBook).order_by(PriceBook.id))}
    opened: dict[str, str] = {}
    products = by_key(Product.code, [r.product for r in task.rows], Product.id, Product.vat_class)
    rates: dict[date, dict[str, int]] = {}
    priced: list[tuple[Any, str, int]] = []
    for row in task.rows:
        code = _book(task, row, books, opened, result)
        gross = _gross(task, row, products[row.product].vat_class, rates, result)
        if code is not None and gross is not None:
            priced.append((row, code, gross))
    if opened:
        result.findings.append(task.note("import.new_books", value="、".join(sorted(opened))))
    if any(not row.includes_vat for row in task.rows):
        result.findings.append(task.note("import.prices_with_vat"))
    standing = _standing(books)
    fresh: list[tuple[str, dict[str, Any]]] = []
    changed: dict[int, tuple[int, int, str]] = {}
    for row, code, gross in priced:
        book = books.get(code)
        product_id = products[row.product].id
        stored = standing.get((book.id, product_id, row.valid_from)) if book else None
        if stored is None:
            fresh.append(
                (code, {"product_id": product_id, "gross_fen": gross,
                        "valid_from": row.valid_from, "valid_to": row.valid_to})
            )  # fmt: skip
        elif stored.gross_fen == gross:
            result.same += 1
        elif stored.approved_at is not None:
            result.findings.append(
                task.stop("import.price_stands", row.row, "price", product=row.product,
                          since=row.valid_from, old=yuan(stored.gross_fen), new=yuan(gross))
            )  # fmt: skip
        else:
            changed[stored.id] = (stored.gross_fen, gross, row.product)
    result.new, result.changed = len(fresh), len(changed)
    result.findings = result.findings[:200]
    result.write = lambda w, reason: _write(w, fresh, changed, opened, reason)
    return result


def _book(
    task: Task, row: Any, books: dict[str, PriceBook], opened: dict[str, str], result: Plan
) -> str | None:
    """The code of the row's book; the only book where the file names none."""
    code = row.book or (next(iter(books)) if len(books) == 1 else "")
    if not code:
        result.findings.append(task.stop("import.book_needed", row.row, "book"))
        return None
    currency = books[code].currency if code in books else opened.get(code)
    if currency is None:
        currency = opened[code] = row.currency or "CNY"
    if row.currency and row.currency != currency:
        result.findings.append(
            task.stop("import.book_currency", row.row, "currency", value=row.currency,
                      book=code, currency=currency)
        )  # fmt: skip
        return None
    return code


def _gross(
    task: Task, row: Any, vat_class: str, rates: dict[date, dict[str, int]], result: Plan
) -> int | None:
    """The price incl. VAT in fen; a net price is grossed up and rounded once, half-up."""
    price = Decimal(row.price_e4).scaleb(-4)
    if not row.includes_vat:
        if row.valid_from not in rates:
            rates[row.valid_from] = catalogue.vat_rates(None, row.valid_from)
        rate = rates[row.valid_from].get(vat_class, 0)
        fen = fen_of(price * (10_000 + rate) / 10_000)
    elif row.price_e4 % 100:
        result.findings.append(task.stop("import.price_fraction", row.row, "price", value=price))
        return None
    else:
        fen = row.price_e4 // 100
    if fen < 1:
        result.findings.append(task.stop("import.price_nothing", row.row, "price", value=price))
        return None
    return int(fen)


def _standing(books: dict[str, PriceBook]) -> dict[Key, Any]:
    rows = db.session.execute(
        sa.select(
            PriceEntry.id, PriceEntry.book_id, PriceEntry.product_id, PriceEntry.valid_from,
            PriceEntry.gross_fen, PriceEntry.approved_at,
        ).where(PriceEntry.book_id.in_([book.id for book in books.values()]))
    )  # fmt: skip
    return {(row.book_id, row.product_id, row.valid_from): row for row in rows}


def _write(
    w: Work,
    fresh: list[tuple[str, dict[str, Any]]],
    changed: dict[int, tuple[int, int, str]],
    opened: dict[str, str],
    reason: str,
) -> None:
    new_books = [{"code": c, "name": c, "currency": currency} for c, currency in opened.items()]
    insert_many(w, PriceBook, new_books)
    codes = sorted({code for code, _values in fresh})
    ids = {code: row.id for code, row in by_key(PriceBook.code, codes, PriceBook.id).items()}
    proposal = {"proposed_by_id": w.actor.user_id, "proposed_at": w.now}
    insert_many(
        w, PriceEntry, [{**values, **proposal, "book_id": ids[code]} for code, values in fresh]
    )
    if changed:
        w.session.execute(
            sa.update(PriceEntry),
            [
                {"id": entry_id, "gross_fen": new, **proposal}
                for entry_id, (_old, new, _product) in changed.items()
            ],
        )
    traces = [Trace("price_book:create", "price_book", ids.get(c), c) for c in opened]
    if fresh or changed:
        book = next(iter(ids.items()), ("", None))
        counts = {"prices": len(fresh), "changed": len(changed)}
        traces.append(Trace("price:propose", "price_book", book[1], book[0], None, counts))
    leave(w, traces, reason)


def plan_limits(task: Task) -> Plan:
    """Revolving limits by debtor, currency and first day, waiting for approval."""
    owners = by_key(Distributor.code, [r.distributor for r in task.rows], Distributor.id)
    standing: dict[Any, Any] = {}
    for part in chunks(sorted({row.id for row in owners.values()})):
        for row in db.session.execute(
            sa.select(
                CreditLimit.distributor_id, CreditLimit.currency, CreditLimit.valid_from,
                CreditLimit.amount_fen, CreditLimit.id,
            ).where(CreditLimit.distributor_id.in_(part), CreditLimit.kind == "fixed")
        ):  # fmt: skip
            standing[row.distributor_id, row.currency, row.valid_from] = row
    result, fresh = Plan(), []
    for row in task.rows:
        owner = owners[row.distributor].id
        stored = standing.get((owner, row.currency, row.valid_from))
        if stored is None:
            fresh.append((owner, row))
        elif stored.amount_fen == row.amount_fen:
            result.same += 1
        else:
            result.findings.append(
                task.stop(
                    "import.limit_stands", row.row, "amount", distributor=row.distributor,
                    since=row.valid_from, new=yuan(row.amount_fen),
                    old="∞" if stored.amount_fen is None else yuan(stored.amount_fen),
                )
            )  # fmt: skip
    result.new = len(fresh)

    def write(w: Work, reason: str) -> None:
        insert_many(
            w,
            CreditLimit,
            [
                {
                    "distributor_id": owner,
                    "currency": row.currency,
                    "kind": "fixed",
                    "amount_fen": row.amount_fen,
                    "valid_from": row.valid_from,
                    "reason": row.reason or reason,
                    "proposed_by_id": w.actor.user_id,
                    "proposed_at": w.now,
                }
                for owner, row in fresh
            ],
        )
        leave(
            w,
            (
                Trace("limit:propose", "credit_limit", None, row.distributor, owner,
                      {"amount_fen": row.amount_fen, "valid_from": row.valid_from})
                for owner, row in fresh
            ),
            reason,
        )  # fmt: skip

    result.write = write
    return result
