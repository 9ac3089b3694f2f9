"""Statements on paper: printed once, the same bytes ever after; a run as one archive."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.jobs import Job
from channel.models.rebates import StatementFile
from channel.queries import rebates as reads
from channel.services import jobs, rebates
from channel.services import rebates_statements as service
from channel.services.work import Refused
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
    a_posted_run,
    an_invoice,
    statements_of,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def files_in(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.row("E09", "P03")
def test_the_statement_prints_its_amount_in_words_and_the_row_hit(world):
    an_invoice(world, "D4", AUGUST, ("A", "70000"), ("B", "50000"))
    [statement] = statements_of(a_posted_run(world))
    name, pdf = service.statement_pdf(world.actor("fin"), statement.id, "zh")
    text = text_of(pdf)
    assert name == "RS-2026-000001-zh.pdf"
    assert "人民币贰仟肆佰元整" in text
    assert "RS-2026-000001" in text
    assert "2,400.00" in text
    assert "成都锦城副食有限公司" in text
    [hit] = [line for line in text.splitlines() if "● 达到" in line]
    assert "100,000.00" in hit and "2%" in hit.replace(" ", "")


@pytest.mark.row("P03")
def test_all_fonts_are_embedded_and_chinese_is_text(world):
    an_invoice(world, "D2", AUGUST, ("A", "120000"))
    [statement] = statements_of(a_posted_run(world))
    _name, pdf = service.statement_pdf(world.actor("d2"), statement.id, "zh")
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    fonts = listed.stdout.decode().splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes +yes +yes\b", font) for font in fonts)
    text = text_of(pdf)
    assert "隆昌川味经营部" in text
    assert re.search("人民币.+整", text)
    assert re.search(r"第 *1 *页 */ *共 *\d+ *页", text)


@pytest.mark.row("E09")
def test_the_printed_lines_re_add_to_the_total(world):
    an_invoice(world, "D4", date(2026, 7, 5), ("A", "70000.0049"), ("B", "50000"))
    an_invoice(world, "D4", date(2026, 9, 5), ("A", "333.3333"))
    a_credit_note(world, "D4", date(2026, 9, 6), ("B", "10000"))
    [statement] = statements_of(a_posted_run(world))
    document = statement.document
    lines = document["base_lines"]
    assert [(x["month"], x["group"], x["net_e4"]) for x in lines] == [
        ("2026-07", "HOTPOT 火锅底料", 500_000_000),
        ("2026-07", "SAUCE 酱类", 700_000_049),
        ("2026-09", "HOTPOT 火锅底料", -100_000_000),
        ("2026-09", "SAUCE 酱类", 3_333_333),
    ]
    assert sum(x["net_e4"] for x in lines) == statement.base_e4
    assert sum(x["line_count"] for x in lines) == statement.line_count == 4
    steps = sum(Decimal(s["facts"]["amount"]["decimal"]) for s in document["steps"])
    assert steps == Decimal(statement.entitlement_fen) / 100
    assert sum(Decimal(t["amount"]) for t in document["tiers"]) == Decimal("2206.6668")


@pytest.mark.row("E09")
def test_twice_gives_the_same_bytes(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    [statement] = statements_of(a_posted_run(world))
    first = service.statement_pdf(world.actor("fin"), statement.id, "en")
    again = service.statement_pdf(world.actor("d4"), statement.id, "en")
    assert first == again
    sha256 = hashlib.sha256(first[1]).hexdigest()
    assert reads.files_made(statement.id) == {"en": sha256}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StatementFile)) == 1
    printed = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "statement:print")
    ).all()
    assert [entry.changes["sha256"] for entry in printed] == [sha256]


def test_what_was_frozen_is_printed_whatever_changed_since(world):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    [statement] = statements_of(a_posted_run(world))
    statement.distributor.name = "改名公司"
    db.session.commit()
    _name, pdf = service.statement_pdf(world.actor("fin"), statement.id, "zh")
    assert "成都锦城副食有限公司" in text_of(pdf)
    assert "改名公司" not in text_of(pdf)


@pytest.mark.row("P01")
def test_nobody_fetches_what_is_not_theirs_or_not_posted(world):
    an_invoice(world, "D2", AUGUST, ("A", "120000"))
    run = rebates.propose(world.actor("fin"), Q3)
    [statement] = statements_of(run)
    with pytest.raises(NotVisible):
        reads.get_statement(world.actor("d2"), statement.id)
    with pytest.raises(Refused):
        service.statement_pdf(world.actor("fin"), statement.id, "zh")
    rebates.review(world.actor("cm"), run)
    rebates.post(world.actor("fin2"), run)
    for stranger in ("d1", "d3", "d4"):
        with pytest.raises(NotVisible):
            service.statement_pdf(world.actor(stranger), statement.id, "zh")
    assert service.statement_pdf(world.actor("d2"), statement.id, "zh")[1].startswith(b"%PDF")
    with pytest.raises(NotVisible):
        service.statement_pdf(world.actor("d2"), statement.id, "fr")
    with pytest.raises(Forbidden):
        service.export_run(world.actor("d2"), run, "zh")


@pytest.mark.row("E10", "P04")
def test_a_run_as_one_archive_twice_the_same(world):
    for code, amount in (("D1", "1000"), ("D3", "150000.5"), ("D4", "250000")):
        an_invoice(world, code, AUGUST, ("A", amount))
    an_invoice(world, "D4", AUGUST, ("A", "99"), currency="USD")
    run = a_posted_run(world)
    with pytest.raises(Refused) as refused:
        service.export_run(world.actor("fin"), run, "zh")
    assert refused.value.findings[0].code == "rebate.statement.not_made"
    job = service.order_files(world.actor("fin"), run, "zh")
    assert service.order_files(world.actor("fin"), run, "zh") == job
    assert jobs.run_next()
    done = db.session.get_one(Job, job, populate_existing=True)
    assert (done.state, done.done, done.total) == ("done", 4, 4)

    name, archive = service.export_run(world.actor("fin"), run, "zh")
    assert service.export_run(world.actor("fin2"), run, "zh") == (name, archive)
    files = files_in(archive)
    pdfs = {n: data for n, data in files.items() if n.endswith(".pdf")}
    assert len(pdfs) == 4
    table = files["statements.csv"]
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    statements, totals = rows[1:5], rows[5:]
    assert {(r[6], r[10]) for r in totals} == {("CNY", "10510.01"), ("USD", "0.99")}
    for row in statements:
        assert hashlib.sha256(pdfs[row[11]]).hexdigest() == row[12]
        amount = the_statement(run, number=row[0]).amount_fen
        assert Decimal(row[10]) == Decimal(amount) / 100
        assert f"{Decimal(row[10]):,.2f}" in text_of(pdfs[row[11]])

    log = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "rebate_run:export").order_by(AuditEntry.id)
    ).all()
    assert [entry.changes["control total CNY"] for entry in log] == ["10510.01"] * 2
    assert log[0].changes["sha256"] == log[1].changes["sha256"]


def test_a_batch_that_was_cut_off_goes_on_where_it_stopped(world):
    for code in ("D1", "D3", "D4"):
        an_invoice(world, code, AUGUST, ("A", "1000"))
    run = a_posted_run(world)
    first = statements_of(run)[0]
    service.statement_pdf(world.actor("fin"), first.id, "en")
    assert service.make_files(world.actor("fin"), run, "en") == 2
    assert service.make_files(world.actor("fin"), run, "en") == 0
    assert reads.batch_state(run, "en").ready == 3
    assert reads.batch_state(run, "zh").ready == 0


@pytest.mark.slow
def test_processes_give_the_same_bytes_as_one(world):
    for number in range(4):
        an_invoice(world, f"D{number + 1}", AUGUST, ("A", f"{1000 + number}"))
        an_invoice(world, f"D{number + 1}", AUGUST, ("A", f"{2000 + number}"), currency="USD")
    run = a_posted_run(world)
    assert service.make_files(world.actor("fin"), run, "zh", workers=2) == 8
    statement = statements_of(run)[0]
    stored = reads.file_bytes(statement.id, "zh")
    from channel.documents.rebate import render_paper
    from channel.services.steps.rebates_annex import printed

    assert stored == render_paper(printed(statement), "zh")
