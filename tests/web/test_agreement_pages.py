"""Agreement pages: the form by its clauses, duties, papers, comparison, calendar, exit."""

from __future__ import annotations

import io
import re
from datetime import date

import html5lib
import pypdf
import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.agreements import (
    AgreementAttachment,
    AgreementFile,
    AgreementVersion,
    BreachNotice,
    Obligation,
)

pytestmark = pytest.mark.database


def first_version(world, code="D1"):
    return db.session.scalar(
        sa.select(AgreementVersion.id)
        .where(AgreementVersion.agreement.has(distributor_id=world.distributor(code)))
        .order_by(AgreementVersion.id)
        .limit(1)
    )


def newest():
    return db.session.scalar(
        sa.select(AgreementVersion).order_by(AgreementVersion.id.desc()).limit(1)
    )


def a_form(world, code="D1", **changes):
    """The fields of the form for a contract of 2027, as a browser sends them."""
    form = {
        "distributor_id": str(world.distributor(code)),
        "valid_from": "2027-01-01",
        "last_day": "2027-12-31",
        "kind": "standard",
        "includes": "511000",
        "exclusive": "y",
        "price_book": "CN",
        "resale_kind": "suggested",
        "payment_kind": "net_days",
        "payment_days": "30",
        "payment_basis": "shipment",
        "payment_roll": "next",
        "payment_methods": "transfer",
        "incident_report_hours": "24",
        "delivery_notice_working_days": "3",
        "display_pass_percent": "90",
        "renewal_notice_days": "30",
        "exchange_freight_by": "distributor",
    }
    return {k: v for k, v in {**form, **changes}.items() if v is not None}


@pytest.fixture
def book(world):
    from channel.demo.cast import BOOK

    return BOOK


@pytest.mark.row("A00")
def test_without_a_price_book_clause_2_is_named_and_with_it_the_draft_is_approved(
    world, sign_in, book
):
    cm, boss = sign_in("cm"), sign_in("boss")
    page = cm.post("/agreements/new", a_form(world, price_book="", includes="511000"))
    version = newest()
    assert version.state == "draft", page
    cm.post(f"/agreements/{version.id}/act", {"act": "submit", "seen_version": "1"})
    text = cm.get(f"/agreements/{version.id}").text
    assert "第 2 条" in text
    assert newest().state == "draft"
    cm.post(f"/agreements/{version.id}/edit", a_form(world, price_book=book, seen_version="1"))
    cm.post(f"/agreements/{version.id}/act", {"act": "submit"})
    boss.post(f"/agreements/{version.id}/act", {"act": "approve"})
    db.session.expire_all()
    assert newest().state == "approved"
    assert "已批准" in cm.get(f"/agreements/{version.id}").text
    with clock.at(date(2027, 1, 1)):
        assert "生效中" in cm.get(f"/agreements/{version.id}").text


@pytest.mark.row("C02")
def test_a_fixed_resale_price_needs_a_reviewer_and_stamps_the_paper(world, sign_in, book):
    cm = sign_in("cm")
    wrong = cm.post(
        "/agreements/new", a_form(world, price_book=book, resale_kind="fixed"), status=422
    )
    assert "法务审查人" in wrong.text
    cm.post(
        "/agreements/new",
        a_form(
            world,
            price_book=book,
            resale_kind="fixed",
            resale_reviewer="王法务",
            resale_reason="新品首发三个月",
        ),
    )
    version = newest()
    assert version.terms["resale"]["reviewer"] == "王法务"
    assert "经法务审查" in cm.get(f"/agreements/{version.id}").text
    text = pdf_text(cm.get(f"/agreements/{version.id}/contract.pdf?lang=zh").data)
    assert "固定转售价格条款" in text
    assert "建议零售价" not in text


@pytest.mark.row("C02", "A22")
def test_the_default_contract_prints_the_suggested_price_and_is_kept_once(world, sign_in):
    cm, d1 = sign_in("cm"), sign_in("d1")
    version = first_version(world)
    data = cm.get(f"/agreements/{version}/contract.pdf?lang=zh").data
    text = pdf_text(data)
    assert "建议零售价" in text
    assert "第十一条其他约定" in text
    assert d1.get(f"/agreements/{version}/contract.pdf?lang=zh").data == data
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgreementFile)) == 1
    other = first_version(world, "D2")
    d1.get(f"/agreements/{other}/contract.pdf", status=404)


@pytest.mark.row("A17", "A22")
def test_an_amendment_is_listed_on_the_contract_and_the_old_paper_stays(world, sign_in, book):
    cm, boss, fin = sign_in("cm"), sign_in("boss"), sign_in("fin")
    first = first_version(world)
    old_paper = cm.get(f"/agreements/{first}/contract.pdf?lang=zh").data
    amend = {"act": "amend", "valid_from": "2026-10-01", "last_day": "2026-12-31",
             "reason": "旺季放宽账期"}  # fmt: skip
    cm.post(f"/agreements/{first}/act", amend)
    version = newest()
    edited = fields(cm, f"/agreements/{version.id}/edit") | {"payment_days": "45"}
    cm.post(f"/agreements/{version.id}/edit", edited)
    cm.post(f"/agreements/{version.id}/act", {"act": "submit"})
    boss.post(f"/agreements/{version.id}/act", {"act": "approve"})
    db.session.expire_all()
    assert newest().state == "approved"
    assert newest().terms_hash != db.session.get_one(AgreementVersion, first).terms_hash
    for version_id in (first, version.id):
        text = pdf_text(fin.get(f"/agreements/{version_id}/contract.pdf?lang=zh").data)
        assert "补充协议一览" in text
        assert "30日内付款" in text
        assert "45日内付款" in text
        assert "旺季放宽账期" in text
    paper = db.session.scalar(sa.select(AgreementFile).order_by(AgreementFile.id).limit(1))
    assert cm.get(f"/agreements/papers/{paper.id}").data == old_paper
    compared = cm.get(f"/agreements/{version.id}/compare").text
    assert "30 日内付款" in compared
    assert "45 日内付款" in compared
    english = pdf_text(cm.get(f"/agreements/{version.id}/amendment.pdf?lang=en").data)
    assert "Paymentwithin45days" in english


@pytest.mark.row("A15", "A20")
def test_a_free_duty_is_on_the_calendar_turns_overdue_and_is_cited(world, sign_in):
    cm, d1 = sign_in("cm"), sign_in("d1")
    version = first_version(world)
    cm.post(
        f"/agreements/{version}/obligations",
        {"text": "提供 2027 年营业执照", "due_on": "2027-03-31", "owner": "distributor"},
    )
    duty = db.session.scalars(sa.select(Obligation)).one()
    assert "提供 2027 年营业执照" in d1.get("/agreements/calendar?month=2027-03").text
    with clock.at(date(2027, 3, 31)):
        assert "逾期" not in rows(d1.get("/agreements/obligations").text)
    with clock.at(date(2027, 4, 1)):
        assert "逾期" in rows(d1.get("/agreements/obligations").text)
        cm.post(
            f"/agreements/{version}/notice",
            {
                "obligations": str(duty.id),
                "clauses": "1",
                "text": "请尽快",
                "reply_by": "2027-04-12",
            },
        )
        notice = db.session.scalars(sa.select(BreachNotice)).one()
        text = pdf_text(d1.get(f"/agreements/notices/{notice.id}.pdf?lang=zh").data)
    assert "提供2027年营业执照" in text
    assert "2027年4月12日" in text
    sign_in("d2").get(f"/agreements/notices/{notice.id}.pdf", status=404)
    d1.post(f"/agreements/obligations/{duty.id}", {"evidence": "执照扫描件已寄出"})
    db.session.expire_all()
    assert db.session.scalars(sa.select(Obligation.state)).one() == "fulfilled"


@pytest.mark.row("A18")
def test_a_buy_out_exchanges_nothing_unless_it_says_so(world, sign_in, book):
    cm = sign_in("cm")
    cm.post("/agreements/new", a_form(world, "D3", price_book=book, kind="buyout"))
    version = newest()
    assert version.terms["duties"]["exchange_window_days"] == 0
    assert "买断经营" in cm.get(f"/agreements/{version.id}").text
    cm.post("/agreements/new", a_form(world, "D3", price_book=book))
    assert newest().terms["duties"]["exchange_window_days"] == 90


def pdf_text(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def rows(text: str) -> str:
    """The body of the list's table."""
    return text.partition("<tbody>")[2].partition("</tbody>")[0]


def fields(client, path: str) -> dict[str, str | list[str]]:
    """What a browser would send back of the page's main form, untouched."""
    tree = html5lib.parse(client.get(path).text, namespaceHTMLElements=False)
    form = next(
        f for f in tree.iter("form") if f.get("method") == "post" and "novalidate" in f.attrib
    )
    found: dict[str, str | list[str]] = {}
    for node in form.iter():
        name = node.get("name")
        if not name:
            continue
        if node.tag == "textarea":
            found[name] = node.text or ""
        elif node.tag == "select":
            chosen = [o.get("value", "") for o in node.iter("option") if "selected" in o.attrib]
            first = [o.get("value", "") for o in node.iter("option")][:1]
            multiple = "multiple" in node.attrib
            found[name] = chosen if multiple else (chosen or first or [""])[0]
        elif node.tag == "input" and (node.get("type") != "checkbox" or "checked" in node.attrib):
            found[name] = node.get("value", "")
    return found


@pytest.mark.row("A19")
def test_the_commitment_is_shown_before_signing_and_its_exit_is_worked_out_for_both(
    world, sign_in, book
):
    cm, boss, d1 = sign_in("cm"), sign_in("boss"), sign_in("d1")
    wanted = {
        "commitment_months": "24",
        "commitment_fen": "140000",
        "commitment_rate": "5",
        "last_day": "2028-12-31",
    }
    cm.post("/agreements/new", a_form(world, price_book=book, **wanted))
    version = newest().id
    d1.get(f"/agreements/{version}", status=404)
    cm.post(f"/agreements/{version}/act", {"act": "share"})
    page = d1.get(f"/agreements/{version}").text
    assert "承诺合作 24 个月" in page
    assert "尚未签订" in page
    for client in (cm, d1):
        text = client.get(f"/agreements/{version}/exit?on=2027-10-15").text
        assert "第 10 个月，共 24 个月" in text
        assert "¥140,000.00" in text
        assert "¥7,000.00" in text
    cm.post(f"/agreements/{version}/act", {"act": "submit"})
    boss.post(f"/agreements/{version}/act", {"act": "approve"})
    cm.post(f"/agreements/{version}/exit", {"on": "2027-10-15"})
    assert "EQ-2026-000001" in d1.get(f"/agreements/{version}").text
    sign_in("d2").get(f"/agreements/{version}/exit", status=404)


@pytest.mark.row("A00")
def test_suspending_and_resuming_by_the_page(world, sign_in):
    cm = sign_in("cm")
    version = first_version(world)
    path = f"/agreements/{version}/act"
    cm.post(path, {"act": "suspend", "stop-on": "2026-11-21", "stop-reason": "窜货调查"})
    assert "窜货调查" in cm.get(f"/agreements/{version}").text
    verdict = cm.post("/orders/verdict", an_order_form(world), status=200).text
    assert "中止执行" in verdict
    cm.post(path, {"act": "resume", "stop-reason": "调查结束"})
    assert "中止执行" not in cm.post("/orders/verdict", an_order_form(world), status=200).text
    cm.post(path, {"act": "terminate", "stop-on": "2026-12-31", "stop-reason": "双方同意"})
    assert "2026-12-31" in cm.get(f"/agreements/{version}").text


def an_order_form(world) -> dict[str, str]:
    return {
        "distributor_id": str(world.distributor("D1")),
        "order_date": "2026-11-21",
        "ship_to_id": str(world.ship_to("D1")),
        "product-0": str(world.product("A")),
        "quantity-0": "100",
    }


@pytest.mark.row("A21")
def test_renewing_and_copying_by_the_page(world, sign_in):
    cm = sign_in("cm")
    version = first_version(world)
    assert "CX-2026-D1" in cm.get("/agreements/expiring").text
    cm.post(f"/agreements/{version}/renew")
    row = newest()
    assert (row.origin, row.based_on_id, row.valid_from) == ("renewal", version, date(2027, 1, 1))
    cm.post(
        f"/agreements/{version}/copy",
        {
            "distributor_id": str(world.distributor("D3")),
            "valid_from": "2027-01-01",
            "last_day": "2027-12-31",
        },
    )
    assert newest().agreement.distributor_id == world.distributor("D3")


@pytest.mark.row("A00")
def test_a_signed_copy_is_attached_and_kept_as_it_is(world, sign_in):
    cm, d1 = sign_in("cm"), sign_in("d1")
    version = first_version(world)
    cm.get(f"/agreements/{version}")
    paper = b"%PDF-1.7 signed"
    wrong = {"file": (io.BytesIO(b"MZ"), "virus.exe")}
    cm.post(f"/agreements/{version}/attachments", wrong, content_type="multipart/form-data")
    assert "virus.exe" in cm.get(f"/agreements/{version}").text
    right = {"file": (io.BytesIO(paper), "签署件.pdf")}
    cm.post(f"/agreements/{version}/attachments", right, content_type="multipart/form-data")
    kept = db.session.scalars(sa.select(AgreementAttachment)).one()
    assert d1.get(f"/agreements/attachments/{kept.id}").data == paper
    sign_in("d2").get(f"/agreements/attachments/{kept.id}", status=404)


def test_the_later_of_two_who_change_a_draft_keeps_what_was_typed(world, book, sign_in):
    cm, other = sign_in("cm"), sign_in("cm2")
    cm.post("/agreements/new", a_form(world, price_book=book))
    url = f"/agreements/{newest().id}/edit"
    seen = re.search(r'name="seen_version" value="(\d+)"', cm.get(url).text)[1]
    other.get(url)
    typed = a_form(world, price_book=book, seen_version=seen)
    other.post(url, typed | {"reason": "先到"})
    page = cm.post(url, typed | {"reason": "后到"}, status=422).text
    assert "您输入的内容仍在此处" in page
    assert "后到" in page
    assert newest().reason == "先到"
