"""The statement both sides sign: every formula, three languages, archivable, its data inside."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest
from second_edition import (
    FORMULAS,
    a_formula,
    a_second,
    facts_of,
    judged,
    terms_of,
    two_products,
)
from statements import a_statement

from channel.documents.amounts import chinese_words, english_words
from channel.documents.annex import MOST_PRINTED
from channel.documents.machine import statement_json
from channel.documents.model import PaperLang, StatementInconsistentError
from channel.documents.rebate import render_rebate_statement, statement_html
from channel.documents.words import WORDS
from channel.documents.words_rebate import REBATE_WORDS
from channel.documents.words_rebate_steps import STEP_WORDS
from contracts.rebates.compute import StepKind
from contracts.rebates.figures import Figures
from contracts.rebates.model import CONDITION_KINDS

LANGS: tuple[PaperLang, ...] = ("zh", "en", "bi")
FIRST = json.loads((Path(__file__).parent / "first_edition.json").read_text(encoding="utf-8"))


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def squeezed(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader(pdf).pages))


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    doc, annex = judged()
    return {lang: render_rebate_statement(doc, lang, annex) for lang in LANGS}


@pytest.mark.row("P03", "E09")
def test_every_font_is_embedded_in_every_language(printed: dict[str, bytes]) -> None:
    for pdf in printed.values():
        fonts = {}
        for page in reader(pdf).pages:
            for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                for kid in font.get_object()["/DescendantFonts"]:
                    told = kid.get_object()["/FontDescriptor"]
                    fonts[str(told["/FontName"])] = "/FontFile2" in told or "/FontFile3" in told
        assert all(fonts.values()), fonts
        assert all(re.fullmatch(r"/[A-Z]{6}\+Weir-Sans(-Bold)?", name) for name in fonts), fonts


@pytest.mark.row("P03", "E09")
def test_the_text_can_be_taken_out_in_every_language(printed: dict[str, bytes]) -> None:
    for pdf in printed.values():
        text = squeezed(pdf)
        assert "隆昌市味达商行" in text
        assert "人民币壹仟壹佰贰拾元整" in text
    both = squeezed(printed["bi"])
    for zh, en in (("返利结算单", "Rebatestatement"), ("结算基数", "Base"), ("第1页", "Page1of"),
                   ("经销商确认", "Confirmedbythedistributor")):  # fmt: skip
        assert zh in both and en in both
    assert "返利结算单" not in squeezed(printed["en"])
    assert "Rebatestatement" not in squeezed(printed["zh"])


@pytest.mark.row("E09")
def test_it_is_tagged_archivable_and_encloses_what_it_was_made_from(
    printed: dict[str, bytes],
) -> None:
    doc, annex = judged()
    for lang, pdf in printed.items():
        catalogue = reader(pdf).trailer["/Root"]
        assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712  # an object of the reader
        assert catalogue["/Lang"].startswith("en" if lang == "en" else "zh")
        meta = catalogue["/Metadata"].get_object().get_data().decode()
        assert 'part="3"' in meta and 'conformance="A"' in meta
        assert catalogue["/OutputIntents"]
        assert reader(pdf).attachments["RS-2026-0001.json"] == [statement_json(doc, annex)]


@pytest.mark.row("E09")
def test_the_same_statement_gives_the_same_bytes(printed: dict[str, bytes]) -> None:
    for lang in LANGS:
        doc, annex = judged()
        assert render_rebate_statement(doc, lang, annex) == printed[lang]


@pytest.mark.row("E03", "E09")
def test_conditions_say_what_was_found_what_was_agreed_and_what_is_left() -> None:
    doc, annex = judged()
    html = statement_html(doc, "zh", annex)
    for wanted in ("查实窜货", "平均回款天数", "21.4 天", "≥ 16 天：80 %", "△ 部分达成，系数 80 %",
                   "√ 达成，系数 100 %", "IN-2026-000001、IN-2026-000004", "−280.00",
                   "1,120.00"):  # fmt: skip
        assert wanted.replace(" %", "%") in html.replace(" %", "%"), wanted


@pytest.mark.row("E02", "E09", "E16")
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_prints_its_table_and_its_steps(name: str, lang: PaperLang) -> None:
    doc, annex = a_formula(name)
    html = statement_html(doc, lang, annex)
    text = re.sub(r"<style.*?</style>|<svg.*?</svg>", "", html, flags=re.DOTALL)
    assert "{" not in text
    assert "Undefined" not in text
    hits = re.findall(r'<tr class="hit">', html)
    assert len(hits) == sum(row["hit"] for part in doc["parts"] for row in part["rows"])


@pytest.mark.row("E16")
def test_growth_is_printed_in_percent_with_its_unit_and_drawn() -> None:
    doc, annex = a_formula("growth_whole")
    html = statement_html(doc, "zh", annex)
    for wanted in ("档位单位：增长率", "50 %", "本期 50 %", "比上年同期的增长率", "增长 +50.0"):
        assert wanted in html, wanted
    assert 'class="chart"' in html


def test_pieces_orders_and_multiples_have_their_own_words() -> None:
    units = statement_html(*_with_lang(a_formula("per_unit"), "zh"))
    assert "每件返利" in units and "档位单位：件" in units and "1,000" in units
    orders = statement_html(*_with_lang(a_formula("orders"), "en"))
    assert "Tiers in orders" in orders and "13 orders" in orders
    multiple = statement_html(*_with_lang(a_formula("multiple"), "zh"))
    assert "每满 ¥50,000.00 计一倍" in multiple and "每倍返利" in multiple


def _with_lang(made: Any, lang: PaperLang) -> tuple[Any, PaperLang, Any]:
    return made[0], lang, made[1]


def test_parts_run_through_the_tiers_by_themselves() -> None:
    html = statement_html(*_with_lang(two_products(), "zh"))
    assert html.count('class="chart"') == 2
    assert "P01 豆瓣酱 500g" in html and "P02 火锅底料" in html
    assert html.count("● 达到") == 1


@pytest.mark.row("E04", "E09")
def test_a_true_up_names_its_period_reasons_and_earlier_statements() -> None:
    doc, annex = a_formula(
        "whole",
        granted_before_fen=260_000,
        true_up={
            "period_label": "2026Q3",
            "earlier": [{"number": "RS-2026-000001", "date": "2026-10-12", "amount_fen": 260_000}],
            "reasons": ["returns"], "refs": ["CN-2026-000003"],
        },
    )  # fmt: skip
    html = statement_html(doc, "zh", annex)
    for wanted in ("以前结算的调整", "后到的退货（CN-2026-000003）", "RS-2026-000001",
                   "本次冲回返利", "人民币负贰佰元整", "2026Q3"):  # fmt: skip
        assert wanted in html, wanted


@pytest.mark.row("E09")
def test_rebates_taken_off_first_are_named_and_taken_off_the_base() -> None:
    doc, annex = a_formula(
        "reduced", taken_off=[{"policy": "RB-A", "name": "年度返利", "amount_fen": 240_000}]
    )
    html = statement_html(doc, "zh", annex)
    assert "先扣除其他政策的返利：RB-A 年度返利" in html
    assert "扣除后基数" in html and "117,600.00" in html


@pytest.mark.row("E06", "E09")
def test_the_pool_shows_every_movement() -> None:
    html = statement_html(*_with_lang(judged(), "zh"))
    for wanted in ("期初余额", "本期使用", "到期作废", "冲回", "期末余额", "−10.00", "−20.00"):
        assert wanted in html


@pytest.mark.row("E09", "E11")
def test_the_deadline_the_silence_and_the_place_of_the_live_record_are_printed() -> None:
    doc, annex = judged()
    html = statement_html(doc, "bi", annex)
    assert "2026年10月19日 前" in html and "by 2026-10-19" in html
    assert "视为确认" in html
    assert "https://weir.example/verify/RS-2026-0001/K7QF2M9XW4TZ8RBN3HVC" in html
    assert 'class="qr"' in html
    doc["silence"] = "open"
    assert "不视为确认" in statement_html(doc, "zh", annex)


@pytest.mark.row("E09")
def test_the_shares_of_the_lines_re_add_and_stand_on_the_annex() -> None:
    doc, annex = judged()
    assert sum(line["share_fen"] or 0 for line in annex["lines"]) == doc["entitlement_fen"]
    html = statement_html(doc, "zh", annex)
    for line in annex["lines"]:
        assert line["document"] in html
    assert annex["sha256"] in html


def test_a_long_annex_stays_in_the_file() -> None:
    doc, annex = a_second(terms_of(), facts_of(Figures(1_200_000_000, 1000)), each=MOST_PRINTED + 1)
    html = statement_html(doc, "zh", annex)
    assert f"共 {MOST_PRINTED + 1} 行" in html
    assert "RS-2026-0001-lines.csv" in html
    assert "IN-2026-000001" not in html
    assert json.loads(statement_json(doc, annex))["lines"]


def test_lines_that_do_not_re_add_are_not_printed() -> None:
    doc, annex = judged()
    annex["value_e4"] += 1
    with pytest.raises(StatementInconsistentError, match="RS-2026-0001"):
        statement_html(doc, "zh", annex)


@pytest.mark.parametrize(
    ("lang", "html"),
    [("zh", "4005dedd337a81803405bbc69185d4c456bbdf2b4bc1b06a17d817c8161d7034"),
     ("en", "672d583557f3f9a45cf4893bd1300dcc47604f6b4475b02c06fafd036c87ce9a")],
)  # fmt: skip
def test_the_first_edition_is_drawn_as_it_always_was(lang: PaperLang, html: str) -> None:
    drawn = statement_html(FIRST["whole"], lang)
    assert hashlib.sha256(drawn.encode()).hexdigest() == html
    assert statement_html(FIRST["whole"], "bi") == statement_html(FIRST["whole"], "zh")


def test_the_style_of_the_first_edition_is_kept() -> None:
    style = Path(__file__).parents[2] / "templates" / "pdf" / "pdf_1.css"
    rules = style.read_text(encoding="utf-8").split("\n", 1)[1]
    told = hashlib.sha256(rules.encode()).hexdigest()
    assert told == "15047157ba4343dcd8116bfca70b33b258a2e7144bcc7f9d63e90ba0b6c0ac76"


def test_a_first_edition_statement_is_no_second() -> None:
    assert b"/EmbeddedFile" not in render_rebate_statement(a_statement(), "zh")


def test_amounts_are_spelled_out_in_any_currency() -> None:
    assert chinese_words(240_000, "CNY") == "人民币贰仟肆佰元整"
    assert chinese_words(-240_000, "USD") == "美元负贰仟肆佰元整"
    assert chinese_words(50, "XXX") == "XXX 伍角"
    told = {
        0: "US dollars zero only", 101: "US dollars one and 01/100",
        240_000: "US dollars two thousand four hundred only",
        123_456_789_012: "US dollars one billion two hundred thirty-four million five hundred "
        "sixty-seven thousand eight hundred ninety and 12/100",
        -1_500: "US dollars minus fifteen only",
        10_000_100: "US dollars one hundred thousand one only",
    }  # fmt: skip
    for fen, words in told.items():
        assert english_words(fen, "USD") == words


def test_every_word_stands_in_both_languages_and_takes_the_same_facts() -> None:
    for table in (REBATE_WORDS, STEP_WORDS):
        for key, (zh, en) in table.items():
            assert zh.strip() and en.strip(), key
            assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key
            assert not re.search(r"[\u4e00-\u9fff}][,;:?!(]", zh), key
            assert not re.search(r"[\u4e00-\u9fff]", en), key


def test_every_step_and_condition_has_its_words() -> None:
    from typing import get_args

    known = {**WORDS, **REBATE_WORDS, **STEP_WORDS}
    for kind in get_args(StepKind):
        assert f"step_{kind}" in known
        if kind.startswith("segment") and kind != "segment_lump":
            assert f"step_{kind}_last" in known
    for kind in CONDITION_KINDS:
        assert f"condition_{kind}" in known
