"""Statements of sixty base lines in Chinese and English, one by one and as a batch."""

from __future__ import annotations

import time

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from channel.documents import press
from channel.documents.batch import render_many
from channel.documents.model import Lang, RebateStatementDoc
from channel.documents.rebate import render_rebate_statement, statement_html
from tests.bench.results import Result, race
from tests.documents.statements import a_statement, base_line

BATCH = 20
LANGS: tuple[tuple[Lang, str], ...] = (("zh", "Chinese"), ("en", "English"))


def run() -> list[Result]:
    document = _document(0)
    fonts = FontConfiguration()
    sheet = CSS(
        string=(press.STYLES / "pdf.css").read_text(encoding="utf-8"),
        base_url=press.STATIC.as_uri() + "/", font_config=fonts,
    )  # fmt: skip
    found = []
    for lang, words in LANGS:
        html = statement_html(document, lang)

        def bare(html: str = html) -> None:
            page = HTML(string=html, base_url=press.STATIC.as_uri() + "/")
            page.write_pdf(stylesheets=[sheet], font_config=fonts)

        ours, theirs = race(
            lambda lang=lang: render_rebate_statement(document, lang), bare, repeat=7
        )
        size = len(render_rebate_statement(document, lang)) // 1024
        found.append(
            Result(f"statement of 60 lines, {words}", "-", ours, "s", theirs, "≤ 1.1 × bare",
                   ours <= 1.1 * theirs, note=f"{size} KiB; bare: WeasyPrint, the same HTML")
        )  # fmt: skip
    return [*found, _batch()]


def _batch() -> Result:
    """Twenty documents by two processes beside the same by one, from the first one on."""
    two, start = _rate(2)
    one, _start = _rate(1)
    return Result(
        f"batch of {BATCH} statements, 2 processes", "-", two, "/s", one, "≥ 1.5 × one process",
        two >= 1.5 * one, note=f"bare: one process; the two were ready after {start:.1f} s",
    )  # fmt: skip


def _rate(workers: int) -> tuple[float, float]:
    """(documents a second once the first is there, seconds until then)."""
    documents = [(n, _document(n), LANGS[n % 2][0]) for n in range(BATCH)]
    began = time.perf_counter()
    made = render_many(documents, workers=workers)
    next(made)
    first = time.perf_counter()
    rest = sum(1 for _document in made)
    assert rest == BATCH - 1
    return rest / (time.perf_counter() - first), first - began


def _document(number: int) -> RebateStatementDoc:
    """Three months of twenty product groups."""
    lines = [
        base_line(f"2026-{month:02d}", f"品类{group:02d}", 1_000_000 * (group + number + 1))
        for month in (7, 8, 9)
        for group in range(20)
    ]
    return a_statement(lines, number=f"RS-2026-{number:06d}")
