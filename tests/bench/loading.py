"""Fills a migrated database with a house of a given scale, set by set and by formulas alone.

The same scale gives the same rows on both databases: figures are products of large primes and
remainders, so they look scattered and add up alike everywhere.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from channel.access import Role
from contracts import agreement
from contracts.agreement import Terms
from contracts.payment_terms import PaymentTerm
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.rebates.terms_json import terms_hash, to_json
from contracts.territory import Territory
from contracts.values.rates import Rate
from tests.bench.dialects import INSTANT, Words
from tests.bench.scales import GROUPS, Scale
from tests.bench.trade import fill_trade

#: Five steps, as in the quarterly policy of docs/real-data.md.
TIERS = tuple(
    Tier(Decimal(lower), Rate.percent(percent))
    for lower, percent in (
        ("0", "0"), ("10000", "1"), ("25000", "2"), ("50000", "3"), ("100000", "4.5"),
    )
)  # fmt: skip
#: So many policies of half a year pay every distributor at once.
FOUR = 4
PEOPLE = (("cm", Role.CHANNEL_MANAGER), ("fin", Role.FINANCE), ("boss", Role.OWNER))


def fill(connection: Connection, scale: Scale) -> None:
    """Make all rows in one transaction; indexes that are not unique are made at the end."""
    words = Words(connection.dialect.name)
    _quicken(connection, words)
    indexes = _drop_indexes(connection, words)
    _people(connection)
    _goods(connection, words, scale)
    _partners(connection, words, scale)
    _agreements(connection, words, scale)
    _policies(connection)
    fill_trade(connection, words, scale)
    for statement in indexes:
        connection.exec_driver_sql(statement)
    _finish(connection, words)


def _quicken(connection: Connection, words: Words) -> None:
    """Rows made by formula need no foreign-key check one by one."""
    if words.is_postgresql:
        connection.exec_driver_sql("SET session_replication_role = replica")


def _drop_indexes(connection: Connection, words: Words) -> list[str]:
    """Drop the indexes that only serve reading; gives the statements that make them again."""
    if words.is_postgresql:
        rows = connection.exec_driver_sql(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND NOT i.indisunique"
        ).all()
    else:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        ).all()
    for name, _definition in rows:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [definition for _name, definition in rows]


def _finish(connection: Connection, words: Words) -> None:
    """Sequences go on after the last id, and the planner knows the tables."""
    if words.is_postgresql:
        rows = connection.exec_driver_sql(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'id' AND is_identity = 'NO' AND column_default LIKE 'nextval%'"
        ).all()
        for (table,) in rows:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
                f"(SELECT coalesce(max(id), 1) FROM {table}))"
            )
    connection.exec_driver_sql("ANALYZE")


def _people(connection: Connection) -> None:
    for number, (name, role) in enumerate(PEOPLE, 1):
        connection.execute(
            sa.text(
                "INSERT INTO user_account (id, email, name, role, locale, is_active, "
                "session_epoch, created_at) "
                f"VALUES (:id, :email, :name, :role, 'zh_CN', true, 0, {INSTANT})"
            ),
            {"id": number, "email": f"{name}@example.com", "name": name, "role": role.value},
        )


def _goods(connection: Connection, words: Words, scale: Scale) -> None:
    run = connection.exec_driver_sql
    run(
        "INSERT INTO product_group (id, code, name) "
        f"SELECT n, 'G' || (100 + n), '品类' || n FROM {words.series(GROUPS)}"
    )
    run(
        "INSERT INTO product (id, code, name, name_en, group_id, unit, units_per_case, vat_class,"
        " is_active) SELECT n, 'P' || (100000 + n), '商品' || n, 'Good ' || n,"
        f" 1 + n % {GROUPS}, '箱', 1, 'standard', true FROM {words.series(scale.products)}"
    )
    run("INSERT INTO price_book (id, code, name, currency) VALUES (1, 'STD', '统一价', 'CNY')")
    run(
        "INSERT INTO price_entry (id, book_id, product_id, gross_fen, valid_from, proposed_at,"
        f" approved_at) SELECT n, 1, n, 5000 + n * 7919 % 20000, {words.day('0')}, {INSTANT},"
        f" {INSTANT} FROM {words.series(scale.products)}"
    )


def _partners(connection: Connection, words: Words, scale: Scale) -> None:
    run, series = connection.exec_driver_sql, words.series(scale.distributors)
    run(
        "INSERT INTO distributor (id, code, name, kind, tax_name, division_code, address, contact,"
        " phone, email, bank_name, bank_account, currency, is_active, created_at, row_version)"
        " SELECT n, 'D' || (100000 + n), '经销商' || n, 'company', '', '511000', '', '', '', '',"
        f" '', '', 'CNY', true, {INSTANT}, 1 FROM {series}"
    )
    run(
        "INSERT INTO ship_to (id, distributor_id, name, division_code, address, is_active)"
        f" SELECT n, n, '仓库' || n, '511002', '', true FROM {series}"
    )
    run(
        "INSERT INTO credit_limit (id, distributor_id, currency, kind, amount_fen, valid_from,"
        " reason, proposed_by_id, proposed_at, approved_by_id, approved_at)"
        f" SELECT n, n, 'CNY', 'fixed', 100000000000, {words.day('0')}, '', 2, {INSTANT}, 3,"
        f" {INSTANT} FROM {series}"
    )


def _agreements(connection: Connection, words: Words, scale: Scale) -> None:
    """One approved version each, through the year, in one shared territory."""
    run, series = connection.exec_driver_sql, words.series(scale.distributors)
    terms = Terms(
        territory=Territory(frozenset({"511000"})),
        price_book="STD",
        payment=PaymentTerm("net_days", 30, None, "shipment", "next"),
        targets=(),
        rebate_policies=("QTR",),
    )
    text = _quoted(agreement.to_json(terms))
    first, end = words.day("0"), words.day("365")
    run(
        "INSERT INTO agreement (id, number, distributor_id, created_at)"
        f" SELECT n, 'CX-' || (100000 + n), n, {INSTANT} FROM {series}"
    )
    run(
        "INSERT INTO agreement_version (id, agreement_id, version_no, state, valid_from, valid_to,"
        " terms, terms_hash, reason, submitted_by_id, approved_by_id, row_version)"
        f" SELECT n, n, 1, 'approved', {first}, {end}, {text}, '', '', 1, 3, 1 FROM {series}"
    )
    run(
        "INSERT INTO territory_grant (id, version_id, distributor_id, division_code, is_included,"
        f" is_exclusive, valid_from, valid_to) SELECT n, n, n, '511000', true, false, {first},"
        f" {end} FROM {series}"
    )
    run(
        "INSERT INTO policy_enrolment (id, version_id, distributor_id, policy_code, valid_from,"
        f" valid_to) SELECT n, n, n, 'QTR', {first}, {end} FROM {series}"
    )


def _policies(connection: Connection) -> None:
    """A quarterly one that agreements name, a yearly one for everybody, and four of half a year
    that everybody has."""
    halves = [
        (f"HALF{n}", "half", Method.WHOLE if n % 2 else Method.SEGMENT, "all", f"G{100 + n}")
        for n in range(1, FOUR + 1)
    ]
    for number, (code, kind, method, enrols, out) in enumerate(
        (
            ("QTR", "quarter", Method.WHOLE, "agreement", "G101"),
            ("YEAR", "year", Method.SEGMENT, "all", "G101"),
            *halves,
        ),
        1,
    ):
        terms = RebateTerms(code, code, method, TIERS, period_kind=kind, goods_out=frozenset({out}))
        connection.execute(
            sa.text(
                "INSERT INTO rebate_policy (id, code, version_no, name, state, valid_from, enrols,"
                " terms, terms_hash, reason, submitted_by_id, approved_by_id, row_version)"
                " VALUES (:id, :code, 1, :code, 'approved', '2026-01-01', :enrols,"
                f" {_quoted(to_json(terms), bound=True)}, :hash, '', 1, 3, 1)"
            ),
            {"id": number, "code": code, "enrols": enrols, "hash": terms_hash(terms)},
        )


def _quoted(value: Any, *, bound: bool = False) -> str:
    """JSON as an SQL text; in a bound statement a colon would start a name."""
    text = "'" + json.dumps(value, ensure_ascii=False).replace("'", "''") + "'"
    return text.replace(":", "\\:") if bound else text
