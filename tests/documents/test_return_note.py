"""The return note of an exchange on paper: both parties, lines, deadline, places to sign."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from channel.documents.exchanges import render_return_note
from channel.documents.words_exchanges import EXCHANGE_WORDS

pytestmark = pytest.mark.row("A11")

DOC = {
    "number": "XC-2026-000007",
    "contract": "CX-2026-D1",
    "version": 2,
    "approved_on": "2026-11-10",
    "return_by": "2026-12-10",
    "currency": "CNY",
    "maker": {"name": "川香食品有限公司", "name_en": "Chuanxiang Foods"},
    "distributor": {"code": "D1", "name": "内江蜀味商贸有限公司"},
    "lines": [
        {
            "product": "A", "name": "豆瓣酱", "unit": "箱", "batch": "260728",
            "shipment": "SH-2026-000050", "shipped_on": "2026-08-18", "quantity": 20,
            "unit_gross_fen": 10_000,
        }
    ],
    "means": "other",
    "goods": [["B", "火锅底料", 10, "箱"]],
    "freight_by": "maker",
    "sealed": True,
    "approved_by": "陈敏",
    "note": "请随附本单",
}  # fmt: skip


def text_of(lang, **changes):
    pages = PdfReader(io.BytesIO(render_return_note({**DOC, **changes}, lang))).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_it_names_both_parties_the_goods_the_day_and_who_signs():
    text = text_of("zh")
    for said in (
        "XC-2026-000007", "川香食品有限公司", "内江蜀味商贸有限公司", "2026年12月10日", "260728",
        "2,000.00", "甲方（厂家）", "发货人签字", "承运人签字", "清点人签字", "火锅底料",
    ):  # fmt: skip
        assert said in text


def test_it_reads_in_english_and_drops_what_is_not_agreed():
    text = text_of("en", sealed=False, goods=[], means="credit", note="")
    assert "Return note" in text and "the maker" in text
    assert "sealed" not in text and "Goods in return" not in text


def test_the_same_words_give_the_same_bytes():
    assert render_return_note(DOC, "zh") == render_return_note(DOC, "zh")


def test_every_word_has_both_sides():
    assert all(zh and en for zh, en in EXCHANGE_WORDS.values())
