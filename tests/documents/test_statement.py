"""The rebate statement on paper: fonts, words, figures that re-add, and the same bytes always."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
from statements import a_statement, base_line
from weasyprint.urls import URLFetchingError

from channel.documents.batch import render_many
from channel.documents.model import (
    Lang,
    RebateStatementDoc,
    StatementInconsistentError,
    control_total,
    document_hash,
)
from channel.documents.press import STATIC, StaticOnly, press_faults, print_pdf
from channel.documents.rebate import render_rebate_statement, statement_html
from channel.documents.statement import as_doc, plain, step_row
from channel.documents.words import WORDS
from contracts.rebates.compute import Step, StepKind
from contracts.rebates.model import Method

ROOT = Path(__file__).resolve().parents[2]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(pdf: bytes) -> str:
    return re.sub(r"\s+", "", text_of(pdf))


@pytest.fixture(scope="module")
def zh() -> bytes:
    return render_rebate_statement(a_statement(), "zh")


@pytest.fixture(scope="module")
def en() -> bytes:
    return render_rebate_statement(a_statement(), "en")


@pytest.mark.row("P03", "E09")
def test_every_font_is_embedded_and_is_ours(zh: bytes, en: bytes) -> None:
    for pdf in (zh, en):
        fonts: dict[str, bool] = {}
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                for kid in font.get_object()["/DescendantFonts"]:
                    descriptor = kid.get_object()["/FontDescriptor"]
                    embedded = "/FontFile2" in descriptor or "/FontFile3" in descriptor
                    fonts[str(descriptor["/FontName"])] = embedded
        assert len(fonts) == 2
        assert all(fonts.values()), fonts
        assert all(re.fullmatch(r"/[A-Z]{6}\+Weir-Sans(-Bold)?", name) for name in fonts), fonts


@pytest.mark.row("P03", "E09")
def test_the_text_can_be_taken_out_again(zh: bytes) -> None:
    text = squeezed(zh)
    assert "隆昌市味达商行" in text
    assert "人民币贰仟肆佰元整" in text
    assert "¥2,400.00" in text
    for wanted in ("返利结算单", "RS-2026-0001", "92511083MA0000000W", "第2版", "2026年7月1日",
                   "2026年9月30日", "制表李会计", "复核王主管", "审批陈总监", "单位\uff1a元",
                   "红字发票号", "7日内以书面形式提出", "不是发票"):  # fmt: skip
        assert wanted in text, wanted


@pytest.mark.row("P03")
def test_pages_are_counted(zh: bytes, en: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(zh)).pages
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页/共{len(pages)}页" in re.sub(r"\s+", "", page.extract_text())
    assert f"Page 1 of {len(pypdf.PdfReader(io.BytesIO(en)).pages)}" in text_of(en)


@pytest.mark.row("E09")
def test_the_hash_of_the_document_stands_on_every_page(zh: bytes, en: bytes) -> None:
    digest = document_hash(a_statement())
    for pdf in (zh, en):
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
            assert digest in page.extract_text()


@pytest.mark.row("E09")
def test_the_printed_lines_re_add_to_the_printed_total() -> None:
    html = statement_html(a_statement(), "zh")
    table = html[
        html.index('<table class="ledger">') : html.index("</table>", html.index("ledger"))
    ]
    rows = re.findall(r"<tr(?: class=\"(\w+)\")?>(.*?)</tr>", table, re.DOTALL)
    sums = {"": Decimal(0), "sub": Decimal(0), "total": Decimal(0)}
    for kind, row in rows[1:]:
        figure = re.findall(r'class="n">([^<]*)</td>', row)[-1]
        sums[kind] += Decimal(figure.replace(",", "").replace("−", "-"))
    assert sums[""] == sums["total"] == Decimal("120000.00")
    assert sums["sub"] == Decimal("110000.00")  # the month with a single line has no subtotal


@pytest.mark.row("E09", "E02")
def test_whole_amount_and_segment_name_their_method_and_show_their_steps() -> None:
    whole = squeezed(render_rebate_statement(a_statement(), "zh"))
    segment = squeezed(render_rebate_statement(a_statement(method=Method.SEGMENT), "zh"))
    assert "全额返利" in whole
    assert "达到第2档" in whole
    assert "¥120,000.00×2%" in whole
    assert "分段返利" in segment
    assert "人民币壹仟肆佰元整" in segment
    assert "¥100,000.00×1%" in segment
    assert "¥20,000.00×2%" in segment


def test_the_row_hit_is_marked_by_a_sign_and_a_word_not_only_by_colour() -> None:
    html = statement_html(a_statement(), "zh")
    hits = re.findall(r'<tr class="hit">(.*?)</tr>', html, re.DOTALL)
    assert len(hits) == 1
    assert "第 2 档" in hits[0]
    assert "● 达到" in hits[0]
    assert html.count("● 达到") == 1


@pytest.mark.row("E09")
def test_tax_and_pool_are_printed(zh: bytes) -> None:
    text = squeezed(zh)
    for wanted in ("2,123.89", "276.11", "13%", "500.00", "−200.00", "2,700.00"):
        assert wanted in text, wanted


@pytest.mark.row("E09")
def test_conditions_are_printed_with_yes_or_no_and_their_evidence() -> None:
    conditions = [
        {"name": "按时上报", "met": True, "evidence": "三个月均按时"},
        {"name": "无窜货", "met": False, "evidence": "DV-2026-003"},
    ]
    html = statement_html(a_statement(conditions=conditions), "zh")
    assert html.index("√ 达成") < html.index("三个月均按时") < html.index("× 未达成")
    assert "DV-2026-003" in html


def test_other_currencies_have_no_amount_in_words_and_no_tax() -> None:
    text = text_of(render_rebate_statement(a_statement(currency="USD"), "en"))
    assert "USD 2,400.00" in text
    assert "人民币" not in text
    assert "Amounts in USD" in text
    assert "No tax is split" in text


def test_what_was_granted_before_is_taken_off_and_a_reversal_says_so() -> None:
    html = statement_html(a_statement(granted_before_fen=300_000), "zh")
    assert "本次冲回返利" in html
    assert "−¥600.00" in html
    assert "人民币负陆佰元整" in html
    assert "−3,000.00" in html


def test_four_decimals_stay_four_decimals_on_every_line() -> None:
    lines = [base_line("2026-07", "A", 20_249_940), base_line("2026-08", "B", 1_000_001)]
    html = statement_html(a_statement(lines), "en")
    for figure in ("2,024.9940", "100.0001", "2,124.9941", "2,124.99"):
        assert figure in html, figure


def test_a_quarter_without_invoices_prints_a_statement_of_zero() -> None:
    text = squeezed(render_rebate_statement(a_statement([]), "zh"))
    assert "没有计入基数的发票" in text
    assert "人民币零元整" in text


def test_long_statements_repeat_their_head_and_keep_signatures_together() -> None:
    lines = [base_line(f"2026-{m:02d}", f"产品组{g:02d}", 10_000 * (g + 1))
             for m in (7, 8, 9) for g in range(30)]  # fmt: skip
    pages = pypdf.PdfReader(io.BytesIO(render_rebate_statement(a_statement(lines), "zh"))).pages
    texts = [re.sub(r"\s+", "", page.extract_text()) for page in pages]
    assert len(texts) >= 3
    assert all("产品组" in text and "开票金额" in text for text in texts[:3])
    assert sum("经销商确认" in text for text in texts) == 1
    assert "授权代表签字" in texts[-1]
    assert "制表" in texts[-1]


@pytest.mark.row("E09", "P03")
def test_the_same_statement_gives_the_same_bytes_in_any_process(zh: bytes) -> None:
    assert render_rebate_statement(copy.deepcopy(a_statement()), "zh") == zh
    code = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]\n"
        "from statements import a_statement\n"
        "from channel.documents.rebate import render_rebate_statement\n"
        "print(hashlib.sha256(render_rebate_statement(a_statement(), 'zh')).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(Path(__file__).parent)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(zh).hexdigest()


@pytest.mark.row("E10")
def test_a_batch_gives_the_bytes_of_the_single_prints_in_order(zh: bytes, en: bytes) -> None:
    langs: list[Lang] = ["zh", "en", "zh", "zh", "en", "zh", "en"]
    jobs = [(number, a_statement(), lang) for number, lang in enumerate(langs)]
    printed = list(render_many(iter(jobs), workers=2))
    assert [key for key, _ in printed] == list(range(7))
    assert [pdf for _, pdf in printed] == [zh if lang == "zh" else en for lang in langs]
    assert list(render_many(jobs[:2])) == [(0, zh), (1, en)]


@pytest.mark.row("E10")
def test_the_control_total_is_of_the_set_and_not_of_its_order() -> None:
    docs = [a_statement(number=f"RS-{n}") for n in range(3)]
    docs.append(a_statement(currency="USD", number="RS-9"))
    total = control_total(docs)
    assert (total.count, total.amount_fen("CNY"), total.amount_fen("USD")) == (4, 720_000, 240_000)
    assert control_total(reversed(docs)) == total
    changed = [*docs[:3], a_statement(currency="USD", number="RS-9", run="other")]
    assert control_total(changed).digest != total.digest


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("base_e4",), 1),
        (("base_fen",), 1),
        (("entitlement_fen",), 240_001),
        (("amount_fen",), 1),
        (("tax", "tax_fen"), 1),
        (("pool", "closing_fen"), 1),
        (("base_lines", 0, "net_e4"), 1),
        (("steps", 1, "facts", "amount", "decimal"), "2400.01"),
    ],
)
def test_a_statement_that_does_not_re_add_is_not_printed(
    path: tuple[Any, ...], value: object
) -> None:
    doc: Any = copy.deepcopy(a_statement())
    part = doc
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(StatementInconsistentError, match="RS-2026-0001"):
        statement_html(doc, "zh")


def test_text_of_others_is_never_markup() -> None:
    doc = a_statement()
    doc["distributor"]["name"] = "<img src=x onerror=1>&公司"
    html = statement_html(doc, "zh")
    assert "<img" not in html
    assert "&lt;img src=x onerror=1&gt;&amp;公司" in html


def test_every_word_stands_in_both_languages_and_takes_the_same_facts() -> None:
    for key, (zh_text, en_text) in WORDS.items():
        if key not in {"blank_date", "page_end"}:
            assert zh_text.strip(), key
            assert en_text.strip(), key
        assert set(re.findall(r"{\w+}", zh_text)) == set(re.findall(r"{\w+}", en_text)), key
        assert not re.search(r"[\u4e00-\u9fff][,;:?!(]", zh_text), key
        assert not re.search(r"[\u4e00-\u9fff]", en_text), key


#: The kinds that statements of the first edition have.
FIRST_KINDS: tuple[StepKind, ...] = (
    "base_rounding", "negative_base", "below_first_tier", "tier", "segment", "rounding", "cap",
    "minimum_payout",
)  # fmt: skip


def test_every_kind_of_step_has_its_sentence() -> None:
    facts = {name: Decimal(5) for name in ("exact", "base", "lower", "short", "number", "rate",
             "slice", "until", "rounded", "cap", "before", "minimum")}  # fmt: skip
    langs: tuple[Lang, ...] = ("zh", "en")
    for kind in FIRST_KINDS:
        for lang in langs:
            row = step_row(Step(kind, Decimal("-0.0045"), facts), lang, "CNY")
            assert "{" not in row["text"]
            assert row["amount"] == "−0.0045"


def test_figures_are_exact_and_have_at_least_two_decimals() -> None:
    assert [plain(v) for v in ("1400", "274.61538", "-0.4", "0", "1E+3")] == [
        "1,400.00", "274.61538", "−0.40", "0.00", "1,000.00",
    ]  # fmt: skip


def test_the_press_opens_nothing_but_its_own_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p{}")
    fetcher = StaticOnly()
    refused = [
        secret.as_uri(),
        "http://127.0.0.1/x",
        "data:text/css,p{}",
        "file://host/etc/passwd",
        (STATIC / ".." / ".." / "config.py").as_uri(),
        STATIC.as_uri() + "/%2e%2e/app.py",
    ]
    for url in refused:
        with pytest.raises(URLFetchingError):
            fetcher.fetch(url)
    fetcher.fetch((STATIC / "fonts" / "OFL-NotoSansSC.txt").as_uri()).close()
    html = f'<img src="{secret.as_uri()}"><link rel=stylesheet href="{secret.as_uri()}"><p>内江'
    assert "内江" in text_of(print_pdf(html))


def test_this_machine_prints_at_full_speed() -> None:
    assert press_faults() == []


def test_a_stored_document_is_taken_back_whole_or_refused() -> None:
    stored = json.loads(json.dumps(a_statement()))
    doc: RebateStatementDoc = as_doc(stored)
    assert document_hash(doc) == document_hash(a_statement())
    del stored["pool"]
    with pytest.raises(ValueError, match="pool"):
        as_doc(stored)
