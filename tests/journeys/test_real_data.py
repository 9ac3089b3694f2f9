"""Two sample companies loaded by the very commands of docs/real-data.md, and proved by sums.

Every expected figure is computed here from the source files with Decimal, or was given in advance.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from channel.access import Actor, Role
from channel.cli_import import import_command
from channel.db import db
from channel.models.accounts import User
from channel.models.credit import CreditAccount, CreditLimit
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.models.receivables import Allocation, Invoice, InvoiceLine, Receipt
from channel.queries import listing
from channel.queries import receivables as money
from channel.queries.credit_recount import differences
from channel.services import rebates, rebates_policies, rebates_statements
from channel.services.work import work
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.values.periods import Period
from contracts.values.rates import Rate

PAGE = Path(__file__).resolve().parents[2] / "docs" / "real-data.md"
pytestmark = [pytest.mark.slow, pytest.mark.row("P09")]

#: currency: statements and rebate over the nine quarters, as the mission gives them.
REBATES = {
    "USD": (1536, Decimal("856692.95")),
    "CAD": (412, Decimal("211833.60")),
    "GBP": (72, Decimal("36158.30")),
    "EUR": (23, Decimal("5953.35")),
    "AUD": (7, Decimal("526.57")),
}
KEYS = {"100": "USD", "19": "CAD", "36": "EUR", "98": "GBP", "6": "AUD"}
CENT = Decimal("0.01")
QUARTERS = [Period.quarter(2010, 4), *(Period.quarter(y, q) for y in (2011, 2012) for q in
                                       (1, 2, 3, 4))]  # fmt: skip


def commands(block: str) -> list[list[str]]:
    """The arguments of the import commands of one block of the page."""
    found = re.search(rf"```sh {block}\n(.*?)```", PAGE.read_text(), re.S)
    assert found, block
    lines = [line for line in found[1].splitlines() if line.startswith("bin/weir import ")]
    return [shlex.split(line)[2:] for line in lines]


@pytest.fixture
def run(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """run(arguments): the command as typed in the project's folder."""
    rates = "class,rate,valid from\nus-standard,15%,2013-01-01\nus-reduced,10%,2013-01-01\n"
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "vat_rates.csv").write_text(rates)
    (tmp_path / "shared").symlink_to(shared)
    monkeypatch.chdir(tmp_path / "house")

    def typed(arguments: list[str]) -> Result:
        return CliRunner().invoke(import_command, arguments, catch_exceptions=False)

    return typed


def rows(shared: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared / "data" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def everything() -> dict[str, int]:
    """Rows of every table."""
    return {
        t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0
        for t in db.metadata.sorted_tables
    }


def load(run: Any, block: str) -> None:
    for arguments in commands(block):
        result = run(arguments)
        assert result.exit_code == 0, result.output
        assert "Saved as import" in result.output


def again(run: Any, block: str) -> None:
    before = everything()
    for arguments in commands(block):
        result = run(arguments)
        assert result.exit_code == 0, result.output
        assert "0 new, 0 changed" in result.output
        assert "Nothing to do" in result.output
    assert everything() == before


@pytest.fixture
def two_people(app: Flask) -> tuple[Actor, Actor]:
    """Somebody who proposes and somebody who posts."""
    with work(Actor(None, "set-up", Role.ADMIN)) as w:
        people = [
            User(email=f"{n}@house.example", name=n, role="finance", password_hash="",
                 locale="en", created_at=w.now, session_epoch=0)
            for n in ("one", "two")
        ]  # fmt: skip
        w.session.add_all(people)
        w.session.flush()
        ids = [person.id for person in people]
    one, two = (Actor(i, n, Role.FINANCE) for i, n in zip(ids, ("one", "two"), strict=True))
    return one, two


def quarterly(actors: tuple[Actor, Actor]) -> None:
    one, two = actors
    tiers = (("0", "0"), ("10000", "1"), ("25000", "2"), ("50000", "3"), ("100000", "4.5"))
    terms = RebateTerms(
        "QTR", "Quarterly", Method.WHOLE,
        tuple(Tier(Decimal(lower), Rate.percent(rate)) for lower, rate in tiers),
        period_kind="quarter",
    )  # fmt: skip
    draft = rebates_policies.Draft(terms, date(2010, 10, 1), "all")
    policy = rebates_policies.draft_policy(one, draft)
    rebates_policies.submit(one, policy)
    rebates_policies.approve(two, policy)


def expected_statements(shared: Path) -> dict[tuple[str, str, str], Decimal]:
    """(quarter, reseller, currency) → rebate, straight from the source."""
    bases: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows(shared, "adventureworks/FactResellerSales_2010-2012.csv"):
        quarter = f"{row['OrderDate'][:4]}Q{(int(row['OrderDate'][5:7]) + 2) // 3}"
        bases[quarter, row["ResellerKey"], KEYS[row["CurrencyKey"]]] += Decimal(row["SalesAmount"])
    due = {}
    for key, base in bases.items():
        base = base.quantize(CENT, ROUND_HALF_UP)
        percent = next(
            Decimal(rate)
            for bound, rate in ((100_000, "4.5"), (50_000, "3"), (25_000, "2"), (10_000, "1"),
                                (0, "0"))
            if base >= bound
        )  # fmt: skip
        due[key] = (base * percent / 100).quantize(CENT, ROUND_HALF_UP)
    return due


@pytest.mark.row("E01", "E02", "E10")
def test_a_tenant_of_adventure_works(
    app: Flask, run: Any, shared: Path, two_people: tuple[Actor, Actor]
) -> None:
    load(run, "adventureworks")
    source: dict[str, Decimal] = defaultdict(Decimal)
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(shared, "adventureworks/FactResellerSales_2010-2012.csv"):
        source[KEYS[row["CurrencyKey"]]] += Decimal(row["SalesAmount"])
        taxes[KEYS[row["CurrencyKey"]]] += Decimal(row["TaxAmt"])
    stored = db.session.execute(
        sa.select(
            InvoiceLine.currency, sa.func.count(), sa.func.sum(InvoiceLine.net_e4),
            sa.func.sum(InvoiceLine.tax_e4),
            sa.func.count(sa.distinct(InvoiceLine.distributor_id)),
        ).group_by(InvoiceLine.currency)
    ).all()  # fmt: skip
    assert {c: Decimal(int(net)).scaleb(-4) for c, _n, net, _tax, _d in stored} == source
    assert {c: Decimal(int(tax)).scaleb(-4) for c, _n, _net, tax, _d in stored} == taxes
    assert sum(n for _c, n, *_rest in stored) == 32_315
    buyers = db.session.scalar(sa.select(sa.func.count(sa.distinct(InvoiceLine.distributor_id))))
    assert buyers == 463
    assert differences() == []
    again(run, "adventureworks")
    expected = expected_statements(shared)
    quarterly(two_people)
    one, two = two_people
    runs = {}
    for period in QUARTERS:
        runs[period.label] = rebates.propose(one, period)
        rebates.review(one, runs[period.label])
        rebates.post(two, runs[period.label])
    found = db.session.execute(
        sa.select(
            RebateStatement.run_id, Distributor.external_key, RebateStatement.currency,
            RebateStatement.amount_fen,
        ).join(Distributor, Distributor.id == RebateStatement.distributor_id)
    ).all()  # fmt: skip
    labels = {run_id: label for label, run_id in runs.items()}
    printed = {(labels[r], key, c): Decimal(fen).scaleb(-2) for r, key, c, fen in found}
    assert printed == expected
    totals = {
        c: (sum(1 for k in printed if k[2] == c), sum(v for k, v in printed.items() if k[2] == c))
        for c in REBATES
    }
    assert totals == REBATES
    _zipped(two, runs["2010Q4"], {k: v for k, v in printed.items() if k[0] == "2010Q4"})


def _zipped(actor: Actor, run_id: int, printed: dict[tuple[str, str, str], Decimal]) -> None:
    """The statements of the shortest quarter as PDFs in one archive, with its control totals."""
    rebates_statements.make_files(actor, run_id, "en", workers=2)
    _name, data = rebates_statements.export_run(actor, run_id, "en")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        listed = list(csv.reader(io.StringIO(archive.read("statements.csv").decode("utf-8-sig"))))
    assert sum(name.endswith(".pdf") for name in names) == len(printed)
    totals = {row[6]: Decimal(row[10]) for row in listed if row[0] == "Total"}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (_quarter, _reseller, currency), amount in printed.items():
        sums[currency] += amount
    assert totals == sums


def waterfall(shared: Path, as_of: date) -> dict[str, list[Decimal]]:
    """Customer → open by age, from the ledger alone: receipts pay the oldest due invoice."""
    days = {r["CustomerID"]: int(r["PaymentDays"]) for r in
            rows(shared, "wide_world_importers/Customers.csv")}  # fmt: skip
    invoices: dict[str, list[tuple[date, int, Decimal]]] = defaultdict(list)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(shared, "wide_world_importers/CustomerTransactions_2015Q4.csv"):
        on = date.fromisoformat(row["TransactionDate"])
        customer = row["CustomerID"]
        if row["TransactionTypeID"] == "3":
            paid[customer] -= Decimal(row["TransactionAmount"])
        else:
            due = on + timedelta(days=days[customer])
            item = (due, int(row["InvoiceID"]), Decimal(row["TransactionAmount"]))
            invoices[customer].append(item)
    open_by_age = {}
    for customer, items in invoices.items():
        rest, buckets = paid[customer], [Decimal(0)] * 5
        for due, _number, amount in sorted(items):
            share = min(rest, amount)
            rest -= share
            late = (as_of - due).days
            bucket = 0 if late <= 0 else min((late - 1) // 30 + 1, 4)
            buckets[bucket] += amount - share
        if any(buckets):
            open_by_age[customer] = buckets
    return open_by_age


@pytest.mark.database
def test_wide_world_importers_ties_to_its_ledger(
    app: Flask, run: Any, shared: Path, two_people: tuple[Actor, Actor]
) -> None:
    load(run, "wide_world_importers")
    ledger = list(rows(shared, "wide_world_importers/CustomerTransactions_2015Q4.csv"))
    invoiced = {r["InvoiceID"]: Decimal(r["TransactionAmount"]) for r in ledger if r["InvoiceID"]}
    received = {
        r["CustomerTransactionID"]: -Decimal(r["TransactionAmount"])
        for r in ledger
        if r["TransactionTypeID"] == "3"
    }
    booked = dict(db.session.execute(sa.select(Invoice.number, Invoice.gross_fen)).all())
    assert {n: Decimal(fen).scaleb(-2) for n, fen in booked.items()} == invoiced
    taken = dict(db.session.execute(sa.select(Receipt.number, Receipt.amount_fen)).all())
    assert {n: Decimal(fen).scaleb(-2) for n, fen in taken.items()} == received
    limits = dict(
        db.session.execute(
            sa.select(Distributor.code, CreditLimit.amount_fen).join(
                Distributor, Distributor.id == CreditLimit.distributor_id
            )
        ).all()
    )
    assert {c: Decimal(fen).scaleb(-2) for c, fen in limits.items()} == {
        r["CustomerID"]: Decimal(r["CreditLimit"])
        for r in rows(shared, "wide_world_importers/Customers.csv")
        if r["CreditLimit"]
    }
    as_of = date(2015, 12, 31)
    stored = listing.stream(money.ageing_listing(as_of), two_people[0], {})
    ages = {r.code: [Decimal(int(v)).scaleb(-2) for v in (r.b0, r.b1, r.b2, r.b3, r.b4)]
            for r in stored}  # fmt: skip
    assert ages == waterfall(shared, as_of)
    assert differences() == []
    applied = db.session.scalar(sa.select(sa.func.sum(Allocation.amount_fen)))
    unpaid, waiting = db.session.execute(
        sa.select(sa.func.sum(CreditAccount.invoiced_fen), sa.func.sum(CreditAccount.unapplied_fen))
    ).one()
    assert int(unpaid) == sum(booked.values()) - int(applied)
    assert int(waiting) == sum(taken.values()) - int(applied)
    again(run, "wide_world_importers")


def test_damaged_files_are_refused_column_by_column_and_nothing_is_saved(
    app: Flask, run: Any
) -> None:
    load(run, "adventureworks")
    before = everything()
    for arguments in commands("messy"):
        result = run(arguments)
        assert result.exit_code == 1
        stops = re.findall(r"^Stop · \S+: Column (\w+)", result.output, re.M)
        assert sorted(stops) == [
            "DueDate", "OrderDate", "SalesAmount", "ShipDate", "TaxAmt", "UnitPrice"
        ]  # fmt: skip
        assert "Refused: nothing was saved." in result.output
    assert everything() == before
