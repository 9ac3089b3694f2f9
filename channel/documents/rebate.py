"""The rebate statement → PDF bytes, in whichever edition it was frozen.

The first edition prints as it always did. The second is a tagged PDF/A-3 that encloses the
statement for machines, so that whoever has the paper can recount it.
"""

from __future__ import annotations

import datetime as dt

from channel.documents.annex import MOST_PRINTED, Annex
from channel.documents.drawing import qr_code
from channel.documents.machine import json_name, statement_json
from channel.documents.model import (
    Lang,
    PaperLang,
    RebateStatementDoc,
    StatementInconsistentError,
    check_figures,
)
from channel.documents.press import Enclosed, print_for_good, print_pdf
from channel.documents.rebate_paper import paper_of
from channel.documents.statement import first_edition_html, template


def is_first(doc: RebateStatementDoc) -> bool:
    """Whether it was frozen before the second edition; then it has no bilingual print."""
    return doc.get("edition", 1) < 2


def render_rebate_statement(
    doc: RebateStatementDoc, lang: PaperLang, annex: Annex | None = None
) -> bytes:
    """PDF bytes of one statement.

    Raises StatementInconsistentError when its figures do not re-add. The first edition has no
    bilingual print: it is printed in Chinese then.
    """
    html = statement_html(doc, lang, annex)
    if is_first(doc):
        return print_pdf(html, "pdf_1.css")
    enclosed = Enclosed(
        json_name(doc["number"]),
        statement_json(doc, annex_printed(annex)),
        f"{doc['number']}, machine-readable",
        dt.date.fromisoformat(doc["date"]),
    )
    return print_for_good(html, [enclosed], "statement.css")


def render_paper(paper: tuple[RebateStatementDoc, Annex | None], lang: PaperLang) -> bytes:
    """The same for a batch, whose items travel as one value."""
    return render_rebate_statement(paper[0], lang, paper[1])


def statement_html(doc: RebateStatementDoc, lang: PaperLang, annex: Annex | None = None) -> str:
    """The page before it is printed; useful for a look in the browser and for tests."""
    check_figures(doc)
    if is_first(doc):
        return first_edition_html(doc, "en" if lang == "en" else "zh")
    _check_annex(doc, annex)
    view = paper_of(doc, lang, annex_printed(annex))
    verify = doc.get("verify")
    return template("rebate_statement.html").render(
        **view,
        qr=qr_code(verify["url"]) if verify else "",
        enclosed=json_name(doc["number"]),
        most=MOST_PRINTED,
        annex_name=lines_name(doc["number"]),
    )


def annex_printed(annex: Annex | None) -> Annex | None:
    """The annex with its lines, or without them where they are too many to print."""
    if annex is None or len(annex["lines"]) <= MOST_PRINTED:
        return annex
    return Annex(**{**annex, "lines": []})


def lines_name(number: str, kind: str = "csv") -> str:
    """The file of the input lines beside the PDF."""
    return f"{number}-lines.{kind}"


def _check_annex(doc: RebateStatementDoc, annex: Annex | None) -> None:
    """The lines must add up to the base, and their shares to the rebate."""
    if annex is None:
        return
    if annex["value_e4"] != doc["base_e4"]:
        raise StatementInconsistentError(
            f"{doc['number']}: lines add up to {annex['value_e4']}, not {doc['base_e4']}"
        )
    if annex["shared_fen"] not in (None, doc["entitlement_fen"]):
        raise StatementInconsistentError(f"{doc['number']}: shares do not add up")


__all__ = ["Lang", "PaperLang", "render_paper", "render_rebate_statement", "statement_html"]
