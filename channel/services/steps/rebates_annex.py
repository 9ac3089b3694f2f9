"""What a statement is printed from: its frozen document, and the annex read anew from its rows.

Posted rows never change and the run says up to which it looked, so the annex is the same each
time; where it does not add up to the frozen figures, nothing is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import cast

from channel.documents.annex import Annex, InputLine, annex_of
from channel.documents.model import PaperLang, RebateStatementDoc, StatementInconsistentError
from channel.documents.rebate import is_first
from channel.documents.statement import as_doc
from channel.models.rebates import RebateStatement
from channel.queries.statement_lines import input_lines, printable
from channel.services.work import Refused
from contracts.values.findings import block

#: Statements whose rows are read together.
CHUNK = 24

Printed = tuple[RebateStatementDoc, Annex | None]


def printed(statement: RebateStatement) -> Printed:
    """(document, annex) of a posted statement; the first edition has no annex.

    Raises Refused where the rows do not add up to the document.
    """
    if statement.number is None or statement.document is None:
        raise Refused([block("rebate.statement.not_posted", statement.policy_code)])
    doc = as_doc(statement.document)
    if is_first(doc):
        return doc, None
    rows = input_lines(statement)
    lines = [cast(InputLine, {**asdict(row), "share_fen": None}) for row in rows]
    annex = annex_of(doc, lines)
    told = (doc["base_e4"], doc.get("line_count", annex["count"]))
    if (annex["value_e4"], annex["count"]) != told:
        raise Refused([block("statement.does_not_re_add", doc["number"], number=doc["number"])])
    return doc, annex


def all_printed(ids: Iterable[int], lang: PaperLang) -> Iterator[tuple[int, Printed, PaperLang]]:
    """The same for many, some at a time, as the press takes them."""
    waiting: list[int] = []
    for statement_id in ids:
        waiting.append(statement_id)
        if len(waiting) == CHUNK:
            yield from _some(waiting, lang)
            waiting = []
    yield from _some(waiting, lang)


def _some(ids: list[int], lang: PaperLang) -> list[tuple[int, Printed, PaperLang]]:
    found = []
    for statement in printable(ids):
        try:
            found.append((statement.id, printed(statement), lang))
        except Refused as refused:
            # In a batch there is nobody to be refused: the job stops and names the statement.
            raise StatementInconsistentError(str(statement.number)) from refused
    return found
