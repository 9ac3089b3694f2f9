"""The rebate desk on pages: a line disputed and answered, a period exported, figures walked."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape

import pytest

from channel import clock
from channel.db import db
from channel.models.dunning import Dispute
from channel.queries import rebates_replies
from channel.services import jobs, rebates
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    pool_fen,
    some_terms,
    statements_of,
    the_run,
)

AUGUST = date(2026, 8, 15)
PAPER = b"%PDF-1.7 a delivery note"


def id_of(response) -> int:
    return int(re.search(r"/(\d+)(?:/|$)", response.location)[1])


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/[^"]+)"', page)]


@pytest.fixture
def statement(world):
    """D4: 70,000 of SAUCE and 50,000 of HOTPOT in August, 2 %: 2,400.00."""
    an_invoice(world, "D4", AUGUST, ("A", "70000"), ("B", "50000"))
    [found] = statements_of(a_posted_run(world))
    return found


def contest(client, statement, **typed: str) -> int:
    page = client.get(f"/rebates/statements/{statement.id}/dispute").text
    values = [unescape(v) for v in re.findall(r'<option value="(base:[^"]+)"', page)]
    line = next(v for v in values if "HOTPOT" in v)
    form = {"line": line, "text": "有 20 箱未签收", **typed}
    form["files"] = (io.BytesIO(PAPER), "签收单.pdf")
    sent = client.post(
        f"/rebates/statements/{statement.id}/dispute", form, content_type="multipart/form-data"
    )
    return id_of(sent)


@pytest.mark.row("E11")
def test_one_line_is_disputed_answered_and_the_rest_can_be_used(world, sign_in, statement):
    d4, fin = sign_in("d4"), sign_in("fin")
    page = d4.get(f"/rebates/statements/{statement.id}").text
    assert "确认结算单" in page and "提出异议" in page
    form = d4.get(f"/rebates/statements/{statement.id}/dispute").text
    assert "−1,700.00" in form
    dispute = contest(d4, statement)
    record = d4.get(f"/disputes/{dispute}").text
    assert "¥1,700.00" in record and "签收单.pdf" in record and "有 20 箱未签收" in record
    page = d4.get(f"/rebates/statements/{statement.id}").text
    assert "700.00" in page and "DC-2026-000001" in page
    assert pool_fen(world.distributor("D4")) == 70_000
    assert "争议待答复" in fin.get("/").text
    listed = fin.get("/disputes?state=contested").text
    assert statement.number in listed and "基数明细" in listed
    paper = next(x for x in links(fin.get(f"/disputes/{dispute}").text) if "/evidence/" in x)
    assert fin.get(paper).data == PAPER
    fin.post(f"/disputes/{dispute}/act", {"act": "say", "text": "请补回单原件"})
    fin.post(
        f"/disputes/{dispute}/answer",
        {"act": "answer", "outcome": "upheld", "reply": "属实"},
        status=422,
    )
    fin.post(
        f"/disputes/{dispute}/answer",
        {"act": "answer", "outcome": "rejected", "reply": "回单已核对"},
    )
    assert pool_fen(world.distributor("D4")) == 240_000
    said = d4.get(f"/disputes/{dispute}").text
    assert said.index("有 20 箱未签收") < said.index("请补回单原件") < said.index("回单已核对")
    assert "曾暂扣 ¥1,700.00" in said


@pytest.mark.row("E11")
def test_what_was_accepted_waits_on_the_run_and_ends_with_it(world, sign_in, statement):
    d4, fin, fin2 = sign_in("d4"), sign_in("fin"), sign_in("fin2")
    dispute = contest(d4, statement, claimed="20000")
    said = {"act": "answer", "outcome": "upheld", "reply": "漏记退货", "correction": "run"}
    fin.post(f"/disputes/{dispute}/answer", said)
    assert "已认可的争议待更正" in fin.get("/").text
    a_credit_note(world, "D4", date(2026, 9, 20), ("B", "30000"))
    run = id_of(fin.post("/rebates/runs/new", {"period": "2026Q3"}))
    page = fin.get(f"/rebates/runs/{run}").text
    assert "DC-2026-000001 已认可，待更正" in page
    fin.post(f"/rebates/runs/{run}/act", {"act": "review"})
    fin2.post(f"/rebates/runs/{run}/act", {"act": "post"})
    found = db.session.get_one(Dispute, dispute, populate_existing=True)
    assert found.corrected_by == statements_of(run)[0].number
    assert pool_fen(world.distributor("D4")) == 90_000


@pytest.mark.row("E11")
def test_bad_input_is_said_and_typed_text_survives(world, sign_in, statement):
    d4 = sign_in("d4")
    path = f"/rebates/statements/{statement.id}/dispute"
    page = d4.post(path, {"line": "", "text": "单价不符"}, status=422).text
    assert "单价不符" in page
    page = d4.post(
        path,
        {"line": "line:", "invoice": "INV-2026-999999", "line_no": "1", "text": "单价不符"},
        status=422,
    ).text
    assert "INV-2026-999999 第 1 行不在本结算单的基数内" in page
    page = d4.post(path, {"line": "missing:", "text": "漏计"}, status=422).text
    assert "漏计事项须填写金额" in page
    assert rebates_replies.disputes_of(statement.id) == []


@pytest.mark.row("E11")
def test_confirmed_once_with_name_and_hash_and_nobody_else_sees_it(world, sign_in, statement):
    d4 = sign_in("d4")
    d4.post(f"/rebates/statements/{statement.id}/confirm", {})
    page = d4.get(f"/rebates/statements/{statement.id}").text
    assert "已确认" in page and world.actor("d4").name in page
    assert statement.document_sha256[:16] in page
    assert "确认结算单" not in page
    sign_in("d1").post(f"/rebates/statements/{statement.id}/confirm", {}, status=404)
    sign_in("d1").get(f"/rebates/statements/{statement.id}/dispute", status=404)
    sign_in("fin").post(f"/rebates/statements/{statement.id}/confirm", {}, status=403)
    sign_in("auditor").get(f"/rebates/statements/{statement.id}/dispute", status=403)


@pytest.mark.row("E11")
def test_a_statement_that_waits_is_a_tile_at_home(world, sign_in, statement):
    d4 = sign_in("d4")
    assert "返利结算单待回复" in d4.get("/").text
    assert statement.number in d4.get("/rebates/statements?reply=reply_waiting").text
    d4.post(f"/rebates/statements/{statement.id}/confirm", {})
    assert "返利结算单待回复" not in d4.get("/").text


@pytest.mark.row("E06", "E10")
def test_the_reviewer_sees_first_what_changed(world, sign_in):
    an_approved_policy(world, some_terms("S"))
    for code, second, third in (("D1", "250000", "120000"), ("D4", "1000", "250000")):
        an_invoice(world, code, date(2026, 5, 5), ("A", second))
        an_invoice(world, code, AUGUST, ("A", third))
    a_posted_run(world, Period.quarter(2026, 2))
    an_invoice(world, "D3", AUGUST, ("A", "500"))
    fin = sign_in("fin")
    run = rebates.propose(world.actor("fin"), Q3)
    page = fin.get(f"/rebates/runs/{run}").text
    # D4 rises by 7,490.00, D1 falls by 5,100.00 and two tiers, D3 is new.
    assert page.index("7,490.00") < page.index("−5,100.00") < page.index("5.00")
    assert "3 → 2" in page
    for flag, name in (("fell", "内江"), ("rose", "成都"), ("new", "自贡")):
        shown = fin.get(f"/rebates/runs/{run}?flag={flag}&policy=S").text
        table = shown[shown.index("<tbody>") : shown.index("</tbody>")]
        assert name in table and table.count("<tr>") == 1
    fin.post(f"/rebates/runs/{run}/act", {"act": "discard", "reason": "单据未齐"})
    assert the_run(run).state == "discarded"
    assert "单据未齐" in fin.get(f"/rebates/runs/{run}").text


@pytest.mark.row("E10", "P04")
def test_a_period_goes_out_and_comes_out_the_same_again(world, sign_in, statement):
    fin = sign_in("fin")
    fin.get("/rebates/exports/new")
    typed = {"first": "2026-07-01", "last": "2026-09-30", "format": "csv", "lang": "zh"}
    first = fin.post("/rebates/exports/new", typed, status=200)
    rows = list(csv.reader(io.StringIO(first.data.decode("utf-8-sig"))))
    assert rows[-1][10] == "2400.00"
    log = fin.get("/rebates/exports").text
    path = next(x for x in links(log) if re.fullmatch(r"/rebates/exports/\d+", x))
    record = fin.get(path).text
    assert "2,400.00" in record and "SHA-256" in record
    assert fin.post(f"{path}/again", {}, status=200).data == first.data
    assert fin.get(path).text.count("完全一致") == 3
    wrong = {**typed, "first": "2026-10-01", "last": "2026-09-01"}
    fin.post("/rebates/exports/new", wrong, status=422)
    job = fin.post("/rebates/exports/new", {**typed, "format": "pdf"})
    assert jobs.run_next()
    assert "合并为一份 PDF" in fin.get(fin_target(fin, job)).text
    sign_in("cm").get("/rebates/exports", status=403)
    sign_in("d4").get(path, status=403)


def fin_target(client, job) -> str:
    """Where the page of a finished job leads."""
    page = client.follow(job).text
    return next(x for x in links(page) if x.startswith("/rebates/exports/"))


@pytest.mark.row("E10")
def test_tables_and_mails_of_a_run(world, sign_in, statement):
    fin = sign_in("fin")
    run = statement.run_id
    page = fin.get(f"/rebates/runs/{run}/export").text
    assert "已发送 0 / 1 张结算单" in page
    for kind in ("csv", "xlsx", "json"):
        sent = fin.post(f"/rebates/runs/{run}/export/file", {"format": kind}, status=200)
        assert sent.data
    fin.post(f"/rebates/runs/{run}/mails", {"lang": "zh"})
    assert jobs.run_next()
    assert "已发送 1 / 1 张结算单" in fin.get(f"/rebates/runs/{run}/export").text


@pytest.mark.row("P05")
def test_every_figure_of_a_statement_opens_what_it_rests_on(world, sign_in):
    an_invoice(world, "D4", AUGUST, ("A", "70000"), ("B", "50000"))
    a_posted_run(world)
    an_invoice(world, "D4", AUGUST, ("A", "10000"))
    [late] = statements_of(a_posted_run(world))
    for user in ("fin", "d4"):
        client = sign_in(user)
        page = client.get(f"/rebates/statements/{late.id}").text
        # No figure of the tables and tiles stands without a way on.
        steps = page[page.index('id="derivation"') : page.index("<tfoot>")]
        assert steps.count("<tr><td>") == len(re.findall(r"<tr><td><a href", steps))
        own = [x for x in links(page) if x.startswith("/rebates/")]
        lines = next(x for x in own if "/lines?" in x)
        listed = client.get(lines).text
        line = next(x for x in links(listed) if re.fullmatch(r"/rebates/lines/\d+", x))
        assert re.search(r"/invoices/\d+$", client.get(line, status=303).location)
        earlier = page[page.index('id="earlier"') :]
        before = next(x for x in links(earlier) if re.fullmatch(r"/rebates/statements/\d+", x))
        assert "2,400.00" in client.get(before).text
        pool = next(x for x in own if x.startswith("/rebates/pool/"))
        assert "2,600.00" in client.get(pool).text
        for link in dict.fromkeys(links(page)):
            if link.startswith(("/rebates", "/agreements", "/invoices", "/stock")):
                response = client.client.get(link)
                assert response.status_code in (200, 302, 303), link
    assert "QTR" in sign_in("fin").get(f"/rebates/policies/{late.policy_id}").text


def test_the_deadline_closes_the_form(world, sign_in, statement):
    reply = rebates_replies.reply_of(statement.id)
    with clock.at(date(2027, 1, 5)):
        page = sign_in("d4").get(f"/rebates/statements/{statement.id}").text
        assert "提出异议" not in page
        assert str(reply.reply_by) in page
