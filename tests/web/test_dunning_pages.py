"""Collection in the browser: letters, promises, disputes, figures; each sees its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.dunning import Dispute, DunningLetter, Promise
from channel.models.receivables import Invoice
from channel.services import dunning
from tests.builders import delivered, paid

TODAY = date(2026, 11, 21)


@pytest.fixture
def late(world: Any) -> Any:
    """D1 owes 10,000 since 16 days on the fixture's day, by the rule of its agreement."""
    delivered(world, on=date(2026, 10, 6), A=100)
    [invoice] = db.session.scalars(sa.select(Invoice)).all()
    world.invoice, world.due = invoice.id, invoice.pay_by
    db.session.rollback()
    return world


@pytest.mark.row("B11")
def test_sixteen_days_overdue_the_second_letter_is_offered_and_sent(
    late: Any, sign_in: Any
) -> None:
    owner, day = late.distributor("D1"), late.due + timedelta(days=16)
    with clock.at(day):
        fin = sign_in("fin")
        page = fin.get(f"/dunning?on={day}").text
        assert "第二次催款函" in page
        assert "第一次催款函" not in fin.get(f"/dunning/{owner}?on={day}").text
        before = day - timedelta(days=1)
        assert "第一次催款函" in fin.get(f"/dunning/{owner}?on={before}").text
        fin.post(f"/dunning/send?on={day}", data={"level": ["2"]}, status=303)
        letter = db.session.scalars(sa.select(DunningLetter.id)).one()
        for name in ("fin", "d1", "auditor", "boss"):
            assert "10,000.00" in sign_in(name).get(f"/dunning/letters/{letter}").text
        assert sign_in("d1").get(f"/dunning/letters/{letter}/zh.pdf").data.startswith(b"%PDF")
        assert "下一封函最早于" in fin.get(f"/dunning/{owner}?on={day}").text
        # Sent once; what is offered no more is not sent again.
        fin.post(f"/dunning/send?on={day}", data={"level": ["2"]}, status=303)
        assert "没有可发的催款函" in fin.get(f"/dunning?on={day}").text
        fin.post(f"/dunning/send?on={before}", data={"level": ["1"]}, status=303)
        assert "在此之前" in fin.get(f"/dunning?on={day}").text


@pytest.mark.row("P01")
def test_another_s_letters_promises_and_disputes_are_not_found(late: Any, sign_in: Any) -> None:
    day = late.due + timedelta(days=16)
    with clock.at(day):
        dunning.send_letters(late.actor("fin"), day)
        letter = db.session.scalars(sa.select(DunningLetter.id)).one()
        sign_in("fin").post(
            f"/credit/{late.distributor('D1')}/promises/new",
            data={"amount_fen": "5000", "due_on": str(day), "made_on": str(day)},
            status=303,
        )
        sign_in("d1").post(
            f"/invoices/{late.invoice}/dispute",
            data={"kind": "price", "amount_fen": "100", "reason": "价格不符"},
            status=303,
        )
        promise = db.session.scalars(sa.select(Promise.id)).one()
        dispute = db.session.scalars(sa.select(Dispute.id)).one()
        owner = late.distributor("D1")
        for address in (
            f"/dunning/letters/{letter}",
            f"/dunning/letters/{letter}/zh.pdf",
            f"/promises/{promise}",
            f"/disputes/{dispute}",
            f"/dunning/{owner}",
            f"/collection/{owner}",
            f"/invoices/{late.invoice}/dispute",
        ):
            sign_in("d2").get(address, status=404)
        for address in ("/dunning/letters", "/promises", "/disputes"):
            assert "D1" not in sign_in("d2").get(f"{address}?format=csv").text
            assert sign_in("d1").get(address).text.count("内江蜀味") >= 1
        sign_in("d1").get(f"/credit/{owner}/promises/new", status=403)
        sign_in("d1").post(f"/disputes/{dispute}/close", status=403)
        sign_in("d1").get("/statements", status=403)
        sign_in("rep").post(f"/dunning/send?on={day}", data={"level": ["1"]}, status=403)


@pytest.mark.row("B11")
def test_a_broken_promise_is_a_task_of_the_rep_and_stands_on_the_credit_page(
    world: Any, sign_in: Any
) -> None:
    owner = world.distributor("D3")
    made, due = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    rep = sign_in("rep")
    rep.post(
        f"/credit/{owner}/promises/new",
        data={"amount_fen": "6,543.21", "due_on": str(due), "made_on": str(made),
              "promised_by": "周总"},
        status=303,
    )  # fmt: skip
    assert "付款承诺未兑现" in rep.get("/").text
    assert "未兑现承诺：1" in rep.get(f"/credit/{owner}").text.replace(" ", "")
    assert "6,543.21" in sign_in("d3").get(f"/credit/{owner}").text
    promise = db.session.scalars(sa.select(Promise.id)).one()
    rep.post(f"/promises/{promise}/act", data={"note": "", "act": "follow_up"}, status=303)
    assert "付款承诺未兑现" in rep.get("/").text
    data = {"note": "周五付清", "act": "follow_up", "seen_version": "1"}
    rep.post(f"/promises/{promise}/act", data=data, status=303)
    assert "付款承诺未兑现" not in rep.get("/").text
    assert "周五付清" in rep.get(f"/promises/{promise}").text


def test_a_form_that_lacks_something_keeps_what_was_typed(late: Any, sign_in: Any) -> None:
    page = sign_in("d1").post(
        f"/invoices/{late.invoice}/dispute",
        data={"kind": "price", "amount_fen": "10000.01", "reason": "价格不符"},
        status=422,
    )
    assert "10000.01" in page.text
    assert "超过该发票的未清金额" in page.text
    owner = late.distributor("D1")
    page = sign_in("fin").post(
        f"/credit/{owner}/promises/new",
        data={"amount_fen": "1", "due_on": "2026-11-01", "made_on": "2026-11-20"},
        status=422,
    )
    assert "2026-11-01" in page.text


def test_a_dispute_is_closed_by_finance_with_an_outcome(late: Any, sign_in: Any) -> None:
    d1, fin = sign_in("d1"), sign_in("fin")
    data = {"kind": "quantity", "amount_fen": "500", "reason": "少五箱"}
    d1.post(f"/invoices/{late.invoice}/dispute", data=data, status=303)
    dispute = db.session.scalars(sa.select(Dispute.id)).one()
    assert "项争议待答复" in fin.get("/").text
    fin.post(f"/disputes/{dispute}/close", data={"outcome": "upheld", "note": ""}, status=422)
    fin.post(f"/disputes/{dispute}/close", data={"outcome": "upheld", "note": "补发"}, status=303)
    assert "异议成立" in d1.get(f"/disputes/{dispute}").text
    assert "项争议待答复" not in fin.get("/").text


def test_levels_are_written_by_finance_alone(world: Any, sign_in: Any) -> None:
    fin = sign_in("fin")
    assert 'value="16"' in fin.get("/dunning/policy").text
    data = {"account": "工行 0001", "remind_before": "5", "remind_after": "2", "delay_1": "10",
            "delay_2": "9", **{f"computation_{n}": "net_days" for n in (1, 2, 3, 4)}}  # fmt: skip
    assert "请填写更多天数" in fin.post("/dunning/policy", data=data, status=422).text
    fin.post("/dunning/policy", data={**data, "delay_2": "20"}, status=303)
    page = fin.get("/dunning/policy").text
    assert "工行 0001" in page
    assert 'value="20"' in page
    for name in ("cm", "rep", "d1", "auditor"):
        sign_in(name).get("/dunning/policy", status=403)


@pytest.mark.row("B06")
def test_figures_are_listed_exported_and_a_dash_where_there_is_none(
    world: Any, sign_in: Any
) -> None:
    delivered(world, on=date(2026, 10, 25), A=100)
    delivered(world, on=date(2026, 11, 10), A=120)
    paid(world, "D1", 500_000, on=date(2026, 11, 20))
    fin = sign_in("fin")
    page = fin.get("/collection?month=2026-11&window=3").text
    assert "21.6" in page
    assert "24.5" in page
    assert "—" in fin.get(f"/collection/{world.distributor('D1')}").text
    [head, line, *_rest] = fin.get("/collection?format=csv").text.splitlines()
    assert "真实 DSO" in head
    assert ",21.6,24.5,24.5,21.6,100.0,-4.0," in line
    for odd in ("month=x&window=x", "month=2026Q3", "month=9999-12", "window=99"):
        fin.get(f"/collection?{odd}")
    sign_in("d1").get("/collection", status=404)


@pytest.mark.row("P03")
def test_statements_are_ordered_in_batch(world: Any, sign_in: Any) -> None:
    fin = sign_in("fin")
    data = {"by": "territory", "territory": "511000", "first": "2026-10-01",
            "last": "2026-10-31", "lang": "zh"}  # fmt: skip
    fin.post("/statements/new", data={**data, "last": "2026-09-01"}, status=422)
    answer = fin.post("/statements/new", data=data, status=303)
    assert "/jobs/" in answer.headers["Location"]
    from channel.services.jobs import run_next

    assert run_next()
    page = fin.get("/statements/1").text
    assert "已生成 2 / 2 份对账单" in page
    assert fin.post("/statements/1/zip", status=200).mimetype == "application/zip"
