"""The contract on paper: both parties, eleven clauses, pages counted, and a hash per version."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from agreements import NAMES, an_agreement, terms

from channel.documents.agreement import agreement_hash, agreement_html, render_agreement
from channel.documents.clauses import HEADINGS, clauses_of
from contracts.agreement import Commitment, Duties, MixRule, Obligation, ResaleClause
from contracts.instalments import EarlyDiscount, Share
from contracts.payment_terms import PaymentTerm
from contracts.values.rates import Rate


def squeezed(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@pytest.mark.row("A22")
@pytest.mark.parametrize(("lang", "side"), [("zh", 0), ("en", 1)])
def test_parties_and_all_eleven_headings_are_text(lang: str, side: int) -> None:
    text = squeezed(render_agreement(an_agreement(), lang))  # type: ignore[arg-type]
    assert "川香食品有限公司" in text
    assert "内江市川味商贸有限公司" in text
    for heading in HEADINGS.values():
        assert re.sub(r"\s+", "", heading[side]) in text, heading
    assert agreement_hash(an_agreement()) in text


@pytest.mark.row("A22")
def test_clauses_are_numbered_and_pages_counted() -> None:
    pdf = render_agreement(an_agreement(), "zh")
    text = squeezed(pdf)
    count = len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert [f"第{word}条" in text for word in ("一", "九", "十", "十一")] == [True] * 4
    assert f"第1页/共{count}页" in text
    assert "11.1" in text


@pytest.mark.row("A22")
def test_a_new_version_has_a_new_hash_and_the_old_paper_stays_the_same() -> None:
    first = render_agreement(an_agreement(), "zh")
    second = an_agreement(2, payment=PaymentTerm("net_days", 90))
    assert agreement_hash(second) != agreement_hash(an_agreement())
    assert second["terms_hash"] != an_agreement()["terms_hash"]
    assert "第2版" in squeezed(render_agreement(second, "zh"))
    assert render_agreement(an_agreement(), "zh") == first


def test_the_figures_of_the_terms_are_in_the_clauses() -> None:
    html = agreement_html(an_agreement(), "zh")
    for wanted in ("511000 内江市", "511002 市中区", "2026-07-01 起划出\uff1a511083 隆昌市",
                   "PB-2026", "2026Q3\uff1a¥120,000.00\uff08S 酱料\uff09", "60 日内付款",
                   "顺延至下一个工作日", "¥10,000.00", "24 小时", "90 日内"):  # fmt: skip
        assert wanted in html, wanted


def test_what_is_open_says_so_and_a_floor_of_its_own_wins() -> None:
    agreed = terms(price_book=None, payment=None, targets=(), rebate_policies=(),
                   min_shipment_fen=500_000,
                   duties=Duties(pop_places="门头", other="按附件"))  # fmt: skip
    written = {clause["number"]: " ".join(clause["zh"]) for clause in clauses_of(agreed, NAMES)}
    assert written[2] == written[4] == "本版本未约定。"
    assert "未约定销售目标" in written[3]
    assert "¥5,000.00" in written[8]
    assert "门头" in written[10]
    assert written[11].startswith("按附件")
    none = {c["number"]: " ".join(c["zh"]) for c in
            clauses_of(terms(), replace(NAMES, min_shipment_fen=None))}  # fmt: skip
    assert "不低于" not in none[8]


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        (PaymentTerm("prepaid"), "款到发货。", "Goods leave against payment received."),
        (PaymentTerm("end_of_month_plus", 30, basis="invoice"), "开票日所在月的月末起 30 日内",
         "30 days of the end of the month of the invoice date"),
        (PaymentTerm("day_of_month", 30, 25), "发货日加 30 日", "day 25 of the month that follows"),
    ],
)  # fmt: skip
def test_every_payment_term_reads_in_both_languages(term: PaymentTerm, zh: str, en: str) -> None:
    clause = clauses_of(terms(payment=term), NAMES)[3]
    assert zh in clause["zh"][0]
    assert en in clause["en"][0]
    for lines in (clause["zh"], clause["en"]):
        assert len(lines) == (2 if term.kind == "prepaid" else 3)


def test_a_draft_is_marked_on_every_page() -> None:
    draft = an_agreement()
    draft["date"] = draft["approved_by"] = ""
    pages = pypdf.PdfReader(io.BytesIO(render_agreement(draft, "zh"))).pages
    assert all("未经审批" in re.sub(r"\s+", "", page.extract_text()) for page in pages)
    assert "未经审批" not in agreement_html(an_agreement(), "zh")


def test_a_contract_without_all_clauses_is_not_printed() -> None:
    doc = an_agreement()
    doc["clauses"] = doc["clauses"][:10]
    with pytest.raises(ValueError, match="HT-2026-001"):
        agreement_html(doc, "zh")


def test_both_languages_have_as_many_sentences_and_chinese_punctuation() -> None:
    for clause in an_agreement()["clauses"]:
        assert len(clause["zh"]) == len(clause["en"])
        for line in clause["zh"]:
            assert not re.search(r"[\u4e00-\u9fff][,;:?!(]", line), line


def test_instalments_early_payment_and_the_end_of_a_later_month_are_written_out() -> None:
    term = PaymentTerm(
        "days_end_of_month",
        roll="next",
        shares=(Share("of_total", 0, 0, Rate.percent(30)), Share("rest", 60)),
        discount=EarlyDiscount(10, Rate.percent(1), "net"),
    )
    clause = clauses_of(terms(payment=term), NAMES)[3]
    text, english = " ".join(clause["zh"]), " ".join(clause["en"])
    assert "总额的 30%" in text
    assert "发货日加 60 日" in text
    assert "其余款项" in text
    assert "按不含税金额给予 1%" in text
    assert "1 % off the net amount" in english


@pytest.mark.row("A15", "A18", "A19", "C02")
def test_the_later_clauses_are_on_the_paper() -> None:
    agreed = terms(
        kind="buyout",
        duties=Duties(exchange_window_days=0, late_delivery_freight_fen=30_000, display_faces=5),
        mix=(MixRule("S", Rate.percent(30)),),
        deposit_fen=2_000_000,
        commitment=Commitment(24, 14_000_000, Rate.percent(5)),
        obligations=(Obligation("提供营业执照", date(2027, 3, 31)),),
        resale=ResaleClause("fixed", "王法务", "首发"),
    )
    written = {c["number"]: " ".join(c["zh"]) for c in clauses_of(agreed, NAMES)}
    for number, wanted in (
        (1, "买断"), (2, "审查人"), (3, "不低于 30%"), (4, "保证金 ¥20,000.00"),
        (7, "不予调换"), (8, "每次 ¥300.00"), (9, "不少于 5 个"), (11, "2027-03-31"),
        (11, "24 个月"),
    ):  # fmt: skip
        assert wanted in written[number], number
    stamped = an_agreement()
    stamped["resale_reviewer"] = "王法务"
    assert "固定转售价格条款" in agreement_html(stamped, "zh")
    assert "固定转售价格条款" not in agreement_html(an_agreement(), "zh")
