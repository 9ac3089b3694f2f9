"""The least that an order needs of a database: lock the debtor, read, sum, insert, commit."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.bare import Bare
from tests.bench.scales import ORDER_DAY

NOW = "2026-12-15 00:00:00"


def place(bare: Bare, distributor_id: int, key: str) -> None:
    """One order of five lines with its reservation, by the driver alone; nothing is judged."""
    bare.begin()
    lock = " FOR UPDATE" if bare.is_postgresql else ""
    [(account,)] = bare.rows(
        f"SELECT id FROM credit_account WHERE distributor_id = ? AND currency = 'CNY'{lock}",
        distributor_id,
    )
    bare.rows("SELECT amount_fen FROM credit_limit WHERE distributor_id = ?", distributor_id)
    bare.rows(
        "SELECT bucket, sum(amount_fen) FROM credit_entry WHERE account_id = ? GROUP BY bucket",
        account,
    )
    prices = bare.rows("SELECT product_id, gross_fen FROM price_entry WHERE product_id <= 5")
    total = sum(fen for _product, fen in prices)
    [(order,)] = bare.rows(
        "INSERT INTO sales_order (number, distributor_id, order_date, currency, state, gross_fen,"
        " note, created_at, row_version) VALUES (?, ?, ?, 'CNY', 'closed', ?, '', ?, 1)"
        " RETURNING id",
        key, distributor_id, ORDER_DAY.isoformat(), total, NOW,
    )  # fmt: skip
    for number, (product, fen) in enumerate(prices, 1):
        bare.run(
            "INSERT INTO order_line (order_id, line_no, product_id, quantity, shipped_quantity,"
            " unit_gross_fen, price_source, vat_rate_bp, gross_fen, is_free)"
            " VALUES (?, ?, ?, 1, 1, ?, 'book', 1300, ?, false)",
            order, number, product, fen, fen,
        )  # fmt: skip
    for fen in (total, -total):
        # Reserved and released again, so that the balances stay the sums of the entries.
        bare.run(
            "INSERT INTO credit_entry (account_id, bucket, amount_fen, act, document_kind,"
            " document_id, on_date, created_at) VALUES (?, 'ordered', ?, 'reserve', 'order', ?, ?,"
            " ?)",
            account, fen, order, ORDER_DAY.isoformat(), NOW,
        )  # fmt: skip
    bare.run("UPDATE credit_account SET ordered_fen = ordered_fen + 0 WHERE id = ?", account)
    bare.commit()


def client(url: str, share: Sequence[int], each: int, start: Any, told: Any) -> None:
    """One process that does so for its debtors."""
    bare = Bare(url)
    start.wait(120)
    began, waits = time.monotonic(), []
    for n in range(each):
        at = time.monotonic()
        place(bare, share[n % len(share)], f"bare-{os.getpid()}-{n}")
        waits.append(time.monotonic() - at)
    told.put((began, time.monotonic(), waits, ["confirmed"] * each))
    bare.close()
