"""Rebate pages: policy to statement in the browser, own rows only, figures that open."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.receivables import InvoiceLine
from channel.queries import rebates_policies
from channel.services import jobs, rebates
from contracts.rebates.model import Method
from tests.services.rebate_trade import (
    Q3,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    statements_of,
    the_run,
)

AUGUST = date(2026, 8, 15)

POLICY = {
    "code": "WEB",
    "name": "渠道季度返利",
    "valid_from": "2026-07-01",
    "period_kind": "quarter",
    "method": "by segment",
    "base_vat": "net",
    "enrols": "all",
    "tier-0-lower": "0",
    "tier-0-rate": "1",
    "tier-1-lower": "100,000.00",
    "tier-1-rate": "2 %",
    "tier-2-lower": "",
    "tier-2-rate": "",
    "tier-3-lower": "200000",
    "tier-3-rate": "3",
}


def id_of(response) -> int:
    return int(re.search(r"/(\d+)(?:/|$)", response.location)[1])


@pytest.mark.row("E01")
def test_a_policy_from_the_form_to_its_approval(world, sign_in):
    cm, other = sign_in("cm"), sign_in("cm2")
    assert "季度阶梯返利" in cm.get("/rebates/policies").text
    cm.get("/rebates/policies/new")
    kept = cm.post("/rebates/policies/new", POLICY)
    policy = id_of(kept)
    text = cm.follow(kept).text
    assert "分段返利：基数按坎级分段" in text
    assert "满 ¥100,000.00 且不足 ¥200,000.00：2 %。" in text
    cm.post(f"/rebates/policies/{policy}/act", {"act": "submit"})
    assert 'value="approve"' not in cm.get(f"/rebates/policies/{policy}").text
    refused = cm.follow(cm.post(f"/rebates/policies/{policy}/act", {"act": "approve"}))
    assert "第二人" in refused.text
    assert 'value="approve"' in other.get(f"/rebates/policies/{policy}").text
    other.post(f"/rebates/policies/{policy}/act", {"act": "approve", "seen_version": "2"})
    assert rebates_policies.get_policy(world.actor("cm"), policy).state == "approved"
    draft = id_of(other.post(f"/rebates/policies/{policy}/act", {"act": "revise"}))
    assert "200000.00" in other.get(f"/rebates/policies/{draft}/edit").text
    other.post(f"/rebates/policies/{draft}/edit", {**POLICY, "name": "新名称"})
    assert "新名称" in other.get(f"/rebates/policies/{draft}").text


def test_what_was_typed_survives_and_each_mistake_is_named(world, sign_in):
    cm = sign_in("cm")
    wrong = {**POLICY, "tier-1-lower": "many", "tier-3-rate": "", "valid_from": "soon"}
    text = cm.post("/rebates/policies/new", wrong, status=422).text
    assert "many" in text
    assert "第 2 档" in text
    assert "第 3 档" in text
    cm.post("/rebates/policies/new", POLICY)
    again = cm.post("/rebates/policies/new", POLICY, status=422).text
    assert "WEB" in again
    assert "已存在" in again


def test_the_reading_beside_the_form_and_its_findings(world, sign_in):
    cm = sign_in("cm")
    page = cm.post("/rebates/policies/preview", POLICY, status=200).text
    assert "举例：基数 ¥200,000.00，返利 ¥3,000.00。" in page
    twice = {**POLICY, "tier-1-lower": "0"}
    page = cm.post("/rebates/policies/preview", twice, status=200).text
    assert "有两个坎级的起点都是 ¥0.00。" in page
    assert "举例" not in page


def test_a_large_run_is_posted_with_progress(world, sign_in, monkeypatch):
    monkeypatch.setattr(rebates, "AT_ONCE_STATEMENTS", 0)
    an_approved_policy(world)
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    fin, fin2 = sign_in("fin"), sign_in("fin2")
    run = id_of(fin.post("/rebates/runs/new", {"period": "2026q3"}))
    fin.post(f"/rebates/runs/{run}/act", {"act": "review"})
    progress = fin2.post(f"/rebates/runs/{run}/act", {"act": "post"})
    assert the_run(run).state == "reviewed"
    assert jobs.run_next()
    assert f"/rebates/runs/{run}" in fin2.follow(progress).text
    assert the_run(run).state == "posted"


@pytest.mark.row("E02", "P05")
def test_from_the_proposal_to_the_invoice_line(world, sign_in):
    an_approved_policy(world, some_terms("S", method=Method.SEGMENT))
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    fin, fin2 = sign_in("fin"), sign_in("fin2")
    fin.get("/rebates/runs")
    assert "2026Q3" in fin.get("/rebates/runs/new").text
    bad = fin.post("/rebates/runs/new", {"period": "soon"}, status=422).text
    assert "soon" in bad
    run = id_of(fin.post("/rebates/runs/new", {"period": "2026q3"}))
    text = fin.get(f"/rebates/runs/{run}").text
    assert "2,400.00" in text
    assert "1,400.00" in text
    assert text.index("2,400.00") < text.rindex("1,400.00")
    assert 'value="post"' not in text
    fin.post(f"/rebates/runs/{run}/act", {"act": "review"})
    assert 'value="post"' not in fin.get(f"/rebates/runs/{run}").text
    assert 'value="post"' in fin2.get(f"/rebates/runs/{run}").text
    fin2.post(f"/rebates/runs/{run}/act", {"act": "post"})
    assert the_run(run).state == "posted"

    d4 = sign_in("d4")
    [segment] = [s for s in statements_of(run) if s.policy_code == "S"]
    assert segment.number in d4.get("/rebates/statements").text
    record = d4.get(f"/rebates/statements/{segment.id}").text
    assert "分段返利" in record
    assert "人民币壹仟肆佰元整" in record
    part = re.search(rf'href="(/rebates/statements/{segment.id}/lines\?[^"]+)"', record)[1]
    assert "120,000.00" in d4.get(part.replace("&amp;", "&")).text
    lines = d4.get(f"/rebates/statements/{segment.id}/lines").text
    assert "加总相符 ✓" in lines
    line = re.search(r"/rebates/lines/(\d+)", lines)[0]
    assert re.search(r"/invoices/\d+$", d4.get(line, status=303).location)


@pytest.mark.row("P01")
def test_a_distributor_opens_nothing_of_another(world, sign_in):
    an_invoice(world, "D2", AUGUST, ("A", "120000"))
    an_invoice(world, "D1", AUGUST, ("A", "120000"))
    run = a_posted_run(world)
    [foreign] = [s for s in statements_of(run) if s.distributor_id == world.distributor("D2")]
    line = statements_line(foreign)
    d1 = sign_in("d1")
    assert "隆昌" not in d1.get("/rebates/statements").text
    for path in (
        f"/rebates/statements/{foreign.id}",
        f"/rebates/statements/{foreign.id}/lines",
        f"/rebates/statements/{foreign.id}/statement.pdf",
        f"/rebates/lines/{line}",
        f"/rebates/runs/{run}",
        f"/rebates/policies/{foreign.policy_id}",
    ):
        d1.get(path, status=404)
    d1.get(f"/rebates/runs/{run}/export", status=403)
    own = d1.get(f"/rebates/standing?distributor={world.distributor('D2')}").text
    assert "内江" in own
    assert "隆昌" not in own


def statements_line(statement) -> int:
    found = db.session.scalar(
        sa.select(InvoiceLine.id).where(InvoiceLine.distributor_id == statement.distributor_id)
    )
    assert found
    return found


def test_a_proposed_statement_is_not_a_distributors(world, sign_in):
    an_invoice(world, "D1", AUGUST, ("A", "120000"))
    [statement] = statements_of(rebates.propose(world.actor("fin"), Q3))
    sign_in("d1").get(f"/rebates/statements/{statement.id}", status=404)
    text = sign_in("auditor").get(f"/rebates/statements/{statement.id}").text
    assert "尚未过账" in text


@pytest.mark.row("E05")
def test_five_thousand_to_the_next_tier(world, sign_in):
    an_invoice(world, "D4", date(2026, 11, 3), ("A", "95000"))
    d4 = sign_in("d4")
    assert "距下一档还差 ¥5,000.00" in d4.get("/rebates/standing").text
    d4.client.set_cookie("weir_lang", "en")
    text = d4.get("/rebates/standing").text
    assert "¥5,000.00 to next tier" in text
    assert "¥950.00" in text
    fin = sign_in("fin")
    fin.get("/rebates/standing")
    assert "成都" in fin.get(f"/rebates/standing?distributor={world.distributor('D4')}").text


@pytest.mark.row("E09", "E10")
def test_the_pdf_and_the_archive(world, sign_in):
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    an_invoice(world, "D1", AUGUST, ("A", "1000"))
    run = a_posted_run(world)
    statement = statements_of(run)[1]
    d4 = sign_in("d4")
    path = f"/rebates/statements/{statement.id}/statement.pdf?lang=zh"
    first, again = d4.get(path), d4.get(path)
    assert first.data == again.data
    assert first.mimetype == "application/pdf"
    assert f"{statement.number}-zh.pdf" in first.headers["Content-Disposition"]

    fin = sign_in("fin")
    page = fin.get(f"/rebates/runs/{run}/export").text
    assert "2,410.00" in page
    fin.post(f"/rebates/runs/{run}/export/zip", {"lang": "zh"})
    assert "2 份 PDF" in fin.get(f"/rebates/runs/{run}/export").text
    job = fin.post(f"/rebates/runs/{run}/export/make", {"lang": "zh"})
    assert jobs.run_next()
    assert f"/rebates/runs/{run}/export" in fin.follow(job).text
    archive = fin.post(f"/rebates/runs/{run}/export/zip", {"lang": "zh"}, status=200)
    with zipfile.ZipFile(io.BytesIO(archive.data)) as opened:
        assert opened.namelist()[-1] == "statements.csv"
        assert opened.read(f"{statement.number}-zh.pdf") == first.data
    sign_in("cm").get(f"/rebates/runs/{run}/export", status=403)


def test_an_empty_run_says_that_nothing_changed(world, sign_in):
    fin = sign_in("fin")
    run = id_of(fin.post("/rebates/runs/new", {"period": "2026Q1"}))
    assert "没有变化" in fin.get(f"/rebates/runs/{run}").text
    fin.post(f"/rebates/runs/{run}/act", {"act": "discard"})
    assert the_run(run).state == "discarded"


@pytest.mark.row("P08")
@pytest.mark.parametrize("user", ["fin", "auditor", "boss", "rep"])
def test_every_page_opens_in_english_for_every_desk(world, sign_in, user):
    an_invoice(world, "D1", AUGUST, ("A", "120000"))
    run = a_posted_run(world)
    statement = statements_of(run)[0]
    client = sign_in(user)
    client.client.set_cookie("weir_lang", "en")
    for path in (
        "/rebates/statements",
        f"/rebates/statements/{statement.id}",
        f"/rebates/statements/{statement.id}/lines",
        "/rebates/standing",
        f"/rebates/standing?distributor={world.distributor('D1')}&on=2026-09-30",
        "/rebates/policies",
        f"/rebates/policies/{statement.policy_id}",
        "/rebates/runs",
        f"/rebates/runs/{run}",
    ):
        client.get(path)


@pytest.mark.parametrize("path", ["/rebates/statements", "/rebates/runs/{run}"])
def test_a_list_needs_the_same_number_of_statements_at_any_size(world, sign_in, count_sql, path):
    an_invoice(world, "D1", AUGUST, ("A", "1000"))
    few = a_posted_run(world)
    fin = sign_in("fin")

    def cost(run: int) -> int:
        db.session.remove()
        count_sql.clear()
        fin.get(path.format(run=run))
        return len(count_sql)

    before = cost(few)
    for code in ("D1", "D2", "D3", "D4"):
        an_invoice(world, code, AUGUST, ("A", "1000"))
        an_invoice(world, code, AUGUST, ("A", "1000"), currency="USD")
    assert cost(a_posted_run(world)) == before


@pytest.mark.row("P04")
def test_the_lists_export_what_they_show(world, sign_in):
    an_invoice(world, "D4", AUGUST, ("A", "120000.25"))
    run = a_posted_run(world)
    fin = sign_in("fin")
    table = fin.get("/rebates/statements?format=csv").data.decode("utf-8-sig")
    assert "2400.01" in table
    lines = fin.get(f"/rebates/statements/{statements_of(run)[0].id}/lines?format=csv")
    assert "120000.25," in lines.data.decode("utf-8-sig")
    fin.get(f"/rebates/runs/{run}?format=xlsx")
