"""A run or a period goes out as one fixed set: control totals, the same bytes, one mail each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden
from channel.db import db
from channel.models.jobs import Job, MailMessage
from channel.models.partners import Distributor
from channel.models.rebates import StatementFile
from channel.models.rebates_desk import StatementExport
from channel.queries import rebates_exports as reads
from channel.services import jobs
from channel.services import rebates_exports as service
from channel.services.rebates_exports import Wish
from channel.services.work import Refused, work
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)


def fifty_distributors(world: Any) -> None:
    """Beside D1 to D4, who buy nothing: each with an invoice of its own size."""
    an_approved_policy(world, some_terms("ALL"))
    with work(world.actor("admin")) as w:
        pattern = w.session.get_one(Distributor, world.distributor("D1"))
        w.session.add_all(
            Distributor(
                code=f"X{n:03}", name=f"试销商{n}", created_at=w.now, division_code="511000",
                sales_rep_id=pattern.sales_rep_id, currency="CNY",
            )
            for n in range(50)
        )  # fmt: skip
    known = world.distributor
    ids = dict(db.session.execute(sa.select(Distributor.code, Distributor.id)).all())
    world.distributor = lambda code: ids.get(code) or known(code)
    for n in range(50):
        an_invoice(world, f"X{n:03}", AUGUST, ("A", f"{1000 + 4321 * n}.17"))


def table_of(data: bytes) -> tuple[list[list[str]], list[list[str]]]:
    """(rows, rows of totals) of a CSV."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
    totals = [row for row in rows if row[0] in ("合计", "Total")]
    return [row for row in rows if row not in totals], totals


def amount_printed(pdf: bytes) -> Decimal:
    """The amount of the statement as its paper says it."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    text = done.stdout.decode()
    found = re.search(r"本次结算金额\D*?([\d,]+\.\d\d)|本结算单金额\D*?([\d,]+\.\d\d)", text)
    assert found, text[:3000]
    return Decimal((found[1] or found[2]).replace(",", ""))


@pytest.fixture
def run(world) -> int:
    for code, amount in (("D1", "1000"), ("D3", "150000.5"), ("D4", "250000")):
        an_invoice(world, code, AUGUST, ("A", amount))
    an_invoice(world, "D4", AUGUST, ("A", "99"), currency="USD")
    return a_posted_run(world)


@pytest.mark.row("E10", "P04")
@pytest.mark.slow
def test_fifty_distributors_fifty_pdfs_and_the_csv_adds_up(world):
    fifty_distributors(world)
    run = a_posted_run(world)
    wish = Wish("zip", "zh", run_id=run)
    fin = world.actor("fin")
    assert service.waits_for_job(fin, wish)
    job = service.order(fin, wish)
    assert service.order(fin, wish) == job
    assert jobs.run_next()
    done = db.session.get_one(Job, job, populate_existing=True)
    assert (done.state, done.done, done.total) == ("done", 50, 50)
    _id, name, archive = service.export(fin, wish)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {n: opened.read(n) for n in opened.namelist()}
    pdfs = {n: data for n, data in files.items() if n.endswith(".pdf")}
    assert len(pdfs) == 50
    rows, [total] = table_of(files["statements.csv"])
    assert len(rows) == 50
    assert sum(Decimal(row[10]) for row in rows) == Decimal(total[10])
    assert sum(amount_printed(pdf) for pdf in pdfs.values()) == Decimal(total[10])
    again_id, again_name, again = service.again(fin, service.export(fin, wish)[0])
    assert (again_name, again) == (name, archive)
    log = db.session.scalars(sa.select(StatementExport).order_by(StatementExport.id)).all()
    assert len({one.sha256 for one in log}) == len({str(one.totals) for one in log}) == 1
    assert {one.set_sha256 for one in log} == {log[0].set_sha256}
    assert log[-1].id == again_id
    _id, _name, joined = service.export(fin, Wish("pdf", "zh", run_id=run))
    pages = sum(len(pypdf.PdfReader(io.BytesIO(pdf)).pages) for pdf in pdfs.values())
    assert len(pypdf.PdfReader(io.BytesIO(joined)).pages) == pages


@pytest.mark.row("E10", "P04")
def test_tables_carry_a_control_total_per_currency(world, run):
    fin = world.actor("fin")
    export_id, name, data = service.export(fin, Wish("csv", "en", run_id=run))
    rows, totals = table_of(data)
    assert name == "RR-2026-000001-en.csv"
    assert len(rows) == 4
    assert {(t[6], t[4], t[7], t[10], t[-1]) for t in totals} == {
        ("CNY", "3", "401000.50", "10510.01", "10510.01"),
        ("USD", "1", "99.00", "0.99", "0.99"),
    }
    export = reads.get_export(fin, export_id)
    assert export.totals["CNY"] == {
        "statements": 3, "base_fen": 40_100_050, "entitlement_fen": 1_051_001,
        "amount_fen": 1_051_001, "pool_fen": 1_051_001,
    }  # fmt: skip
    assert export.sha256 == hashlib.sha256(data).hexdigest()
    assert export.exported_by == fin.name
    _id, _name, raw = service.export(fin, Wish("json", "en", run_id=run))
    found = json.loads(raw)
    assert [s["number"] for s in found["statements"]] == [row[0] for row in rows]
    assert found["totals"]["USD"]["amount_fen"] == 99
    assert found["set_sha256"] == export.set_sha256
    first = service.export(fin, Wish("xlsx", "zh", run_id=run))[2]
    assert service.export(fin, Wish("xlsx", "zh", run_id=run))[2] == first
    for someone in ("cm", "d4", "rep", "auditor"):
        with pytest.raises(Forbidden):
            service.export(world.actor(someone), Wish("csv", "zh", run_id=run))


@pytest.mark.row("E10")
def test_a_period_is_a_fixed_set_whatever_is_posted_later(world, run):
    fin = world.actor("fin")
    wish = Wish("csv", "zh", first=Q3.start, last=Q3.last_day)
    first, name, data = service.export(fin, wish)
    assert name == "statements-2026Q3-zh.csv"
    an_invoice(world, "D1", AUGUST, ("A", "5000"))
    a_posted_run(world)
    again_id, _name, again = service.again(fin, first)
    assert again == data
    _id, _name, later = service.export(fin, wish)
    assert len(table_of(later)[0]) == len(table_of(data)[0]) + 1
    again_log = reads.get_export(fin, again_id)
    assert (again_log.again_of_id, again_log.set_sha256) == (
        first, reads.get_export(fin, first).set_sha256,
    )  # fmt: skip
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM statement_export"))


@pytest.mark.row("E10")
def test_days_without_statements_and_days_the_wrong_way_round_are_refused(world, run):
    fin = world.actor("fin")
    for first, last, code in (
        (date(2025, 1, 1), date(2025, 12, 31), "rebate.export.empty"),
        (date(2026, 9, 30), date(2026, 7, 1), "rebate.export.days"),
    ):
        with pytest.raises(Refused) as refused:
            service.export(fin, Wish("csv", "zh", first=first, last=last))
        assert [f.code for f in refused.value.findings] == [code]
    with pytest.raises(Refused) as refused:
        service.export(fin, Wish("pdf", "zh", first=Q3.start, last=Q3.last_day))
    assert refused.value.findings[0].code == "rebate.statement.not_made"


@pytest.mark.row("E10")
def test_no_cell_begins_a_formula(world):
    with work(world.actor("cm")) as w:
        w.session.get_one(Distributor, world.distributor("D4")).name = "=HYPERLINK(1)"
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    run = a_posted_run(world)
    _id, _name, data = service.export(world.actor("fin"), Wish("csv", "zh", run_id=run))
    assert b",'=HYPERLINK(1)," in data


@pytest.mark.row("E10", "E11")
def test_each_distributor_is_mailed_its_statement_once_with_link_and_pdf(world, run, monkeypatch):
    fin = world.actor("fin")
    job = service.order_mails(fin, run, "zh")
    assert jobs.run_next()
    assert db.session.get_one(Job, job, populate_existing=True).state == "done"
    mails = db.session.scalars(
        sa.select(MailMessage).where(MailMessage.statement_file_id.is_not(None))
    ).all()
    statements = statements_of(run)
    assert len(mails) == 4
    assert reads.mailed_ids(run) == {s.id for s in statements}
    for statement in statements:
        own = [m for m in mails if f"/rebates/statements/{statement.id}" in m.body]
        [mail] = own
        assert statement.number in mail.subject
        assert statement.document["objection_until"] in mail.body
    assert service.mail_run(fin, run, "en") == 0
    assert service.mail_run(fin, run, "zh") == 0
    count = sa.select(sa.func.count()).where(MailMessage.statement_file_id.is_not(None))
    assert db.session.scalar(count) == 4
    sent = []
    monkeypatch.setattr(
        "channel.services.jobs.transport.write_to_folder",
        lambda folder, name, message: sent.append(message),
    )
    jobs.deliver_mails()
    papers = [part for message in sent for part in message.iter_attachments()]
    assert len(papers) == 4
    assert all(p.get_content().startswith(b"%PDF") for p in papers)
    assert {p.get_filename() for p in papers} == {f"{s.number}-zh.pdf" for s in statements}


@pytest.mark.row("E10")
def test_mails_that_were_cut_off_go_on_where_they_stopped(world, run, monkeypatch):
    fin = world.actor("fin")
    monkeypatch.setattr(service, "CHUNK", 1)
    written = []
    real = service._mail

    def falls_over(w, ids, lang):
        if len(written) == 2:
            raise RuntimeError("the power is gone")
        written.append(ids)
        return real(w, ids, lang)

    monkeypatch.setattr(service, "_mail", falls_over)
    job = service.order_mails(fin, run, "zh")
    assert jobs.run_next()
    assert db.session.get_one(Job, job, populate_existing=True).state == "failed"
    assert len(reads.mailed_ids(run)) == 2
    monkeypatch.setattr(service, "_mail", real)
    assert service.order_mails(fin, run, "zh") == job
    assert jobs.run_next()
    assert len(reads.mailed_ids(run)) == 4
    count = sa.select(sa.func.count()).where(MailMessage.statement_file_id.is_not(None))
    assert db.session.scalar(count) == 4
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StatementFile)) == 4


def test_the_clock_of_the_log_is_ours(world, run):
    export_id, _name, _data = service.export(world.actor("fin"), Wish("json", "zh", run_id=run))
    assert clock.date_of(reads.get_export(world.actor("fin"), export_id).exported_at) == date(
        2026, 11, 21
    )
