"""The trade of the measured house: invoices with lines, payments, entries, orders, statements.

Eleven of twenty invoices belong to the debtors and stay open, whole or in part; the others are
paid in cash. Heads are sums of their lines and balances sums of their entries.
"""

from __future__ import annotations

from sqlalchemy import Connection

from tests.bench.dialects import INSTANT, Words
from tests.bench.scales import DAYS, GROUPS, Scale


def fill_trade(connection: Connection, words: Words, scale: Scale) -> None:
    """Everything that was posted, in the order in which it refers to each other."""
    if scale.lines:
        _lines(connection, words, scale)
    _invoices(connection, words, scale)
    _payments(connection, words)
    _credit(connection)
    _orders(connection, words, scale)
    _audit(connection, words, scale)
    if scale.lines:
        _statements(connection, words, scale)


def _owner(i: str, scale: Scale) -> str:
    """Debtors are the first fifth; the multipliers share no factor with the counts."""
    rest = scale.distributors - scale.debtors
    return (
        f"CASE WHEN {i} % 20 < 11 THEN 1 + ({i} / 20 * 11 + {i} % 20) * 31 % {scale.debtors}"
        f" ELSE {scale.debtors} + 1 + ({i} / 20 * 9 + {i} % 20 - 11) * 37 % {rest} END"
    )


def _day(i: str, words: Words, scale: Scale) -> str:
    return words.day(f"({i} - 1) * {DAYS} / {scale.invoices}")


def _sign(i: str) -> str:
    """Some documents of the debtors are credit notes."""
    return f"CASE WHEN {_is_credit_note(i)} THEN -1 ELSE 1 END"


def _is_credit_note(i: str) -> str:
    return f"{i} % 33 = 0 AND {i} % 20 < 11"


def _lines(connection: Connection, words: Words, scale: Scale) -> None:
    """Net in whole yuan, 13 % tax; one line of thirty-one is free and worth nothing."""
    i = f"((n - 1) / {scale.lines} + 1)"
    product = f"(1 + n * 7919 % {scale.products})"
    amount = f"({_sign(i)} * CASE WHEN n % 31 = 0 THEN 0 ELSE 1 + n * 104729 % 3000 END)"
    connection.exec_driver_sql(
        "INSERT INTO invoice_line (id, invoice_id, line_no, distributor_id, invoice_date,"
        " currency, product_id, group_id, quantity, unit_price_e4, net_e4, tax_e4, gross_e4,"
        " vat_rate_bp, is_free, counts_on, shipped_on)"
        f" SELECT n, {i}, (n - 1) % {scale.lines} + 1, {_owner(i, scale)},"
        f" {_day(i, words, scale)}, 'CNY', {product}, 1 + {product} % {GROUPS}, 1,"
        f" {amount} * 11300, {amount} * 10000, {amount} * 1300, {amount} * 11300, 1300,"
        f" (n % 31 = 0), {_day(i, words, scale)}, {_day(i, words, scale)}"
        f" FROM {words.series(scale.line_count)}"
    )


def _invoices(connection: Connection, words: Words, scale: Scale) -> None:
    if scale.lines:
        source = (
            "(SELECT invoice_id AS n, CAST(sum(net_e4) / 100 AS bigint) AS net,"
            " CAST(sum(tax_e4) / 100 AS bigint) AS tax FROM invoice_line GROUP BY invoice_id) AS s"
        )
    else:
        inner = words.series(scale.invoices)
        source = (
            f"(SELECT n, {_sign('n')} * (n * 7919 % 900000 + 100) AS net, 0 AS tax"
            f" FROM {inner}) AS s"
        )
    day = _day("n", words, scale)
    due = words.day(f"(n - 1) * {DAYS} / {scale.invoices} + 30")
    connection.exec_driver_sql(
        "INSERT INTO invoice (id, number, kind, distributor_id, invoice_date, due_date, pay_by,"
        " currency, net_fen, tax_fen, gross_fen, created_at)"
        " SELECT n, 'IN-2026-' || (1000000 + n),"
        f" CASE WHEN {_is_credit_note('n')} THEN 'credit_note' ELSE 'invoice' END,"
        f" {_owner('n', scale)}, {day}, {due}, {due}, 'CNY', net, tax, net + tax, {INSTANT}"
        f" FROM {source} ORDER BY n"
    )


def _payments(connection: Connection, words: Words) -> None:
    """The others pay in cash, a third of the debtors' invoices are half paid ten days later."""
    paid = "CASE WHEN id % 20 < 11 THEN gross_fen / 2 ELSE gross_fen END"
    which = "gross_fen > 1 AND (id % 20 >= 11 OR id % 3 = 0)"
    on = words.later("invoice_date", "CASE WHEN id % 20 < 11 THEN 10 ELSE 0 END")
    connection.exec_driver_sql(
        "INSERT INTO receipt (id, number, distributor_id, received_on, currency, amount_fen,"
        " method, payer_name, reference, created_at)"
        f" SELECT id, 'RC-2026-' || (1000000 + id), distributor_id, {on}, currency, {paid},"
        f" 'transfer', '', '', {INSTANT} FROM invoice WHERE {which} ORDER BY id"
    )
    connection.exec_driver_sql(
        "INSERT INTO allocation (id, receipt_id, invoice_id, amount_fen, allocated_on,"
        " distributor_id, currency, pay_by, created_at)"
        " SELECT r.id, r.id, i.id, r.amount_fen, r.received_on, i.distributor_id, i.currency,"
        f" i.pay_by, {INSTANT} FROM receipt r JOIN invoice i ON i.id = r.id ORDER BY r.id"
    )


def _credit(connection: Connection) -> None:
    """One entry per invoice and per payment; the accounts are their sums."""
    run = connection.exec_driver_sql
    head = (
        "INSERT INTO credit_entry (account_id, bucket, amount_fen, act, document_kind,"
        " document_id, on_date, created_at) SELECT distributor_id, 'invoiced',"
    )
    run(
        f"{head} gross_fen, 'post', 'invoice', id, invoice_date, {INSTANT} FROM invoice ORDER BY id"
    )
    run(
        f"{head} -amount_fen, 'allocate', 'receipt', id, received_on, {INSTANT}"
        " FROM receipt ORDER BY id"
    )
    run(
        "INSERT INTO credit_account (id, distributor_id, currency, ordered_fen, shipped_fen,"
        " invoiced_fen, unapplied_fen) SELECT account_id, account_id, 'CNY', 0, 0,"
        " sum(amount_fen), 0 FROM credit_entry GROUP BY account_id ORDER BY account_id"
    )


def _orders(connection: Connection, words: Words, scale: Scale) -> None:
    """Closed orders of two lines: they reserve nothing."""
    owner = f"1 + n * 31 % {scale.distributors}"
    day = words.day(f"(n - 1) * {DAYS} / {scale.orders}")
    connection.exec_driver_sql(
        "INSERT INTO sales_order (id, number, distributor_id, order_date, division_code, currency,"
        " state, gross_fen, note, created_at, row_version)"
        f" SELECT n, 'SO-2025-' || (1000000 + n), {owner}, {day}, '511002', 'CNY', 'closed',"
        f" 2 * (5000 + n * 7919 % 90000), '', {INSTANT}, 1 FROM {words.series(scale.orders)}"
    )
    connection.exec_driver_sql(
        "INSERT INTO order_line (id, order_id, line_no, product_id, quantity, shipped_quantity,"
        " unit_gross_fen, price_source, vat_rate_bp, gross_fen, is_free)"
        f" SELECT n, (n + 1) / 2, 1 + n % 2, 1 + n * 7919 % {scale.products}, 1, 1,"
        " 5000 + (n + 1) / 2 * 7919 % 90000, 'book', 1300, 5000 + (n + 1) / 2 * 7919 % 90000,"
        f" false FROM {words.series(2 * scale.orders)}"
    )


def _audit(connection: Connection, words: Words, scale: Scale) -> None:
    connection.exec_driver_sql(
        "INSERT INTO audit_entry (id, at, actor_id, actor_name, tag, subject_kind, subject_id,"
        " subject_label, distributor_id, reason, changes, request_id)"
        f" SELECT n, {INSTANT}, 1, 'cm', 'order:submit', 'sales_order', n,"
        f" 'SO-2025-' || (1000000 + n), 1 + n * 31 % {scale.distributors}, '',"
        ' \'{"state": ["draft", "confirmed"], "gross_fen": 123400}\', \'\''
        f" FROM {words.series(scale.audit)}"
    )


def _statements(connection: Connection, words: Words, scale: Scale) -> None:
    """Two posted quarters with a statement for every distributor."""
    for number, (start, end) in enumerate((("0", "90"), ("90", "181")), 1):
        first, last = words.day(start), words.day(end)
        connection.exec_driver_sql(
            "INSERT INTO rebate_run (id, number, period_start, period_end, state,"
            " through_line_id, inputs_hash, proposed_by_id, proposed_at, posted_by_id, posted_at,"
            f" row_version) SELECT {number}, 'RR-2025-' || (1000000 + {number}), {first}, {last},"
            f" 'posted', {scale.line_count}, '', 1, {INSTANT}, 2, {INSTANT}, 1"
        )
        before = (number - 1) * scale.distributors
        connection.exec_driver_sql(
            "INSERT INTO rebate_statement (id, run_id, number, distributor_id, policy_id,"
            " policy_code, currency, base_e4, line_count, base_fen, entitlement_fen,"
            " granted_before_fen, amount_fen, steps, period_start, period_end)"
            f" SELECT {before} + n, {number}, 'RS-2025-' || (1000000 + {before} + n), n, 1, 'QTR',"
            " 'CNY', n * 1000000, 1, n * 10000, n * 100, 0, n * 100, '[]',"
            f" {first}, {last}"
            f" FROM {words.series(scale.distributors)}"
        )
