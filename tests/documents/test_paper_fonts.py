"""Every paper embeds its fonts and gives its text back: accounts, letters, stock, contracts."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdf
import pytest
from agreements import an_agreement
from test_return_note import DOC
from test_stock_statement import a_doc

from channel.documents.account import render_account_statement
from channel.documents.agreement import render_agreement
from channel.documents.dunning import render_letter
from channel.documents.exchanges import render_return_note
from channel.documents.notices import render_notice
from channel.documents.stock import render_stock_statement

MAKER = {"name": "川香食品有限公司", "name_en": "Chuanxiang Foods Co., Ltd."}
DISTRIBUTOR = {"code": "D2", "name": "隆昌市味达商行", "address": "四川省隆昌市金鹅街道"}
ITEM = {"number": "IN-1", "date": "2026-07-05", "pay_by": "2026-09-03", "amount_fen": 250_000,
        "open_fen": 50_000}  # fmt: skip
ACCOUNT: Any = {
    "first_day": "2026-07-01", "last_day": "2026-09-30", "date": "2026-10-02", "currency": "CNY",
    "maker": MAKER, "distributor": DISTRIBUTOR, "opening_fen": 0, "closing_fen": 50_000,
    "lines": [{"date": "2026-07-05", "kind": "invoice", "number": "IN-1", "debit_fen": 50_000,
               "credit_fen": 0, "balance_fen": 50_000}],
    "items": [{**ITEM, "overdue_days": 27}], "unapplied_fen": 0,
    "ageing_fen": [0, 50_000, 0, 0, 0], "deposit_fen": 0, "pool_fen": 240_000,
    "objection_days": 7, "objection_until": "2026-10-09", "prepared_by": "李会计",
}  # fmt: skip
LETTER: Any = {
    "number": "DL-1", "run": "DR-1", "on": "2026-10-02", "pay_until": "2026-10-12", "level": 1,
    "currency": "CNY", "maker": MAKER, "distributor": DISTRIBUTOR,
    "items": [{**ITEM, "days": 27, "asked_fen": 50_000}], "overdue_fen": 50_000,
    "disputed_fen": 0, "covered_fen": 0, "promised_fen": 0, "demanded_fen": 50_000,
    "text_zh": "请核对。", "text_en": "Please check.", "account": "工行 123", "issued_by": "李会计",
}  # fmt: skip
NOTICE: Any = {
    "number": "NT-1", "contract": "HT-1", "version": 1, "terms_hash": "ab",
    "issued_on": "2026-10-01", "reply_by": "2026-10-10", "maker": MAKER,
    "distributor": DISTRIBUTOR, "clauses": [3], "duties": [], "text": "", "issued_by": "王主管",
}  # fmt: skip


def papers() -> dict[str, tuple[bytes, str]]:
    """paper → (PDF, what its text must hold)."""
    stock = a_doc()
    agreement = an_agreement()
    agreement["distributor"] = DISTRIBUTOR  # type: ignore[typeddict-item]
    return {
        "account": (render_account_statement(ACCOUNT, "zh"), "人民币伍佰元整"),
        "credit": (render_letter(LETTER, "zh"), "人民币伍佰元整"),
        "stock": (render_stock_statement(stock, "zh"), "人民币捌仟元整"),
        "contract": (render_agreement(agreement, "zh"), "隆昌市味达商行"),
        "notice": (render_notice(NOTICE, "zh"), "隆昌市味达商行"),
        "return note": (render_return_note(DOC, "zh"), "内江"),  # type: ignore[arg-type]
    }


PAPERS = papers()


@pytest.mark.row("P03")
@pytest.mark.parametrize("paper", PAPERS)
def test_its_fonts_are_embedded_and_its_text_comes_out(paper: str) -> None:
    pdf, wanted = PAPERS[paper]
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for kid in font.get_object()["/DescendantFonts"]:
                told = kid.get_object()["/FontDescriptor"]
                fonts[str(told["/FontName"])] = "/FontFile2" in told or "/FontFile3" in told
    assert fonts and all(fonts.values()), fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Weir-Sans(-Bold)?", name) for name in fonts)
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    assert wanted in text
    if paper not in ("return note",):
        assert "隆昌" in text
    assert f"第1页/共{len(reader.pages)}页" in text
