"""An export of statements: one fixed set as files with control totals, the same set the same bytes.

The set is named by a hash over its numbers and document hashes; totals are kept per currency.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from channel.documents.model import document_hash
from channel.models.rebates import RebateRun
from channel.models.rebates_desk import StatementExport
from channel.queries import rebates_exports as reads
from channel.queries.rebates_exports import Line
from channel.services.work import Work
from channel.tabular.writing import Cell, Column, write_csv, write_xlsx, write_zip

LOCALES = {"zh": "zh_CN", "en": "en", "bi": "zh_CN"}
#: The sums of a control total, in its order.
SUMS = ("statements", "base_fen", "entitlement_fen", "amount_fen", "pool_fen")


@dataclass(frozen=True)
class Batch:
    """A fixed set of statements by number, with what they add up to."""

    lines: list[Line]
    pool: dict[int, int]
    totals: dict[str, dict[str, int]]
    sha256: str

    @property
    def ids(self) -> list[int]:
        return [line.id for line in self.lines]


def batch_of(lines: list[Line]) -> Batch:
    """The set with its totals per currency and its hash."""
    ids = [line.id for line in lines]
    pool = reads.pool_sums(ids)
    totals: dict[str, dict[str, int]] = {}
    for line in lines:
        sums = totals.setdefault(line.currency, dict.fromkeys(SUMS, 0))
        sums["statements"] += 1
        sums["base_fen"] += line.base_fen
        sums["entitlement_fen"] += line.entitlement_fen
        sums["amount_fen"] += line.amount_fen
        sums["pool_fen"] += pool.get(line.id, 0)
    return Batch(lines, pool, dict(sorted(totals.items())), _set_hash(lines))


def _set_hash(lines: Sequence[Line]) -> str:
    """Over number and document hash of each, whatever the format."""
    old = [line.id for line in lines if line.document_sha256 is None]
    known = {i: document_hash(document) for i, document in reads.documents(old)}
    text = "\n".join(f"{line.number}:{line.document_sha256 or known[line.id]}" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def file_name(number: str, lang: str) -> str:
    return f"{number}-{lang}.pdf"


def archive(batch: Batch, lang: str) -> bytes:
    """Every PDF, and statements.csv with the hash of each; the PDFs are there already."""
    return write_zip(_entries(batch, lang))


def _entries(batch: Batch, lang: str) -> Iterator[tuple[str, bytes]]:
    files: dict[int, tuple[str, str]] = {}
    found = reads.papers(batch.ids, lang)
    for line, (_document, sha256, data) in zip(batch.lines, found, strict=True):
        files[line.id] = file_name(line.number, lang), sha256
        yield files[line.id][0], data
    yield "statements.csv", table(batch, lang, "csv", files)


def table(
    batch: Batch, lang: str, kind: str, files: dict[int, tuple[str, str]] | None = None
) -> bytes:
    """One row a statement and one of totals a currency, as CSV or XLSX.

    `files`: statement → (file name, hash) of its PDF in the archive; without them the hash of
    the document stands.
    """
    with force_locale(LOCALES[lang]):
        columns, totals = _columns(files is not None), _total_rows(batch, files is not None)
        rows = [*_rows(batch, files), *totals[:-1]]
        last = totals[-1] if totals else None
        if kind == "csv":
            return write_csv(columns, rows, last)
        notes = [
            _("Set of statements, SHA-256: %(hash)s", hash=batch.sha256),
            *(
                _(
                    "%(currency)s: %(n)s statements, amount %(amount)s, pool %(pool)s",
                    currency=currency,
                    n=sums["statements"],
                    amount=f"{_yuan(sums['amount_fen']):.2f}",
                    pool=f"{_yuan(sums['pool_fen']):.2f}",
                )
                for currency, sums in batch.totals.items()
            ),
        ]
        return write_xlsx(columns, rows, last, sheet=_("Statements"), notes=notes)


def _columns(with_files: bool) -> list[Column]:
    return [
        Column(_("statement")),
        Column(_("distributor code")),
        Column(_("distributor")),
        Column(_("policy")),
        Column(_("version"), "integer"),
        Column(_("period")),
        Column(_("currency")),
        Column(_("base"), "money"),
        Column(_("earned"), "money"),
        Column(_("granted before"), "money"),
        Column(_("amount"), "money"),
        *([Column(_("file"))] if with_files else []),
        Column("SHA-256"),
        Column(_("pool"), "money"),
    ]


def _rows(batch: Batch, files: dict[int, tuple[str, str]] | None) -> Iterator[list[Cell]]:
    for line, (_id, document) in zip(batch.lines, reads.documents(batch.ids), strict=True):
        proof = (
            [line.document_sha256 or document_hash(document)]
            if files is None
            else list(files[line.id])
        )
        yield [
            document["number"],
            document["distributor"]["code"],
            document["distributor"]["name"],
            document["policy"]["code"],
            document["policy"]["version"],
            document["period_label"],
            document["currency"],
            _yuan(document["base_fen"]),
            _yuan(document["entitlement_fen"]),
            _yuan(document["granted_before_fen"]),
            _yuan(document["amount_fen"]),
            *proof,
            _yuan(batch.pool.get(line.id, 0)),
        ]


def _total_rows(batch: Batch, with_files: bool) -> list[list[Cell]]:
    """One row of control totals per currency; the number of statements stands under version."""
    width = len(_columns(with_files))
    found: list[list[Cell]] = []
    for currency, sums in batch.totals.items():
        row: list[Cell] = [None] * width
        row[0], row[4], row[6] = _("Total"), sums["statements"], currency
        row[7], row[8] = _yuan(sums["base_fen"]), _yuan(sums["entitlement_fen"])
        row[9] = _yuan(sums["entitlement_fen"] - sums["amount_fen"])
        row[10], row[-1] = _yuan(sums["amount_fen"]), _yuan(sums["pool_fen"])
        found.append(row)
    return found


def as_json(batch: Batch) -> bytes:
    """The frozen documents themselves with the control totals, sorted, so always the same text."""
    data = {
        "set_sha256": batch.sha256,
        "totals": batch.totals,
        "statements": [document for _id, document in reads.documents(batch.ids)],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


@dataclass(frozen=True)
class Made:
    """A file as it goes out, and of what it was made."""

    filename: str
    format: str
    lang: str
    data: bytes


@dataclass(frozen=True)
class Scope:
    """The run, or the days [first, until) that were asked for; and the export that is repeated."""

    run: RebateRun | None
    first: date
    until: date
    again_of_id: int | None = None


def log(w: Work, scope: Scope, batch: Batch, made: Made, *, keep: bool = False) -> StatementExport:
    """Write the export into its log and into the trail; `keep` stores the bytes with it."""
    export = StatementExport(
        number=w.draw("SX", w.today),
        run_id=scope.run.id if scope.run else None,
        period_start=scope.first,
        period_end=scope.until,
        lang=made.lang,
        format=made.format,
        filename=made.filename,
        statement_ids=batch.ids,
        statements=len(batch.lines),
        totals=batch.totals,
        set_sha256=batch.sha256,
        sha256=hashlib.sha256(made.data).hexdigest(),
        size=len(made.data),
        data=made.data if keep else None,
        again_of_id=scope.again_of_id,
        exported_by_id=w.actor.user_id,
        exported_by=w.actor.name,
        exported_at=w.now,
    )
    w.session.add(export)
    w.session.flush()  # the page that follows and the audit line need its id
    changes: dict[str, Any] = {
        "export": export.number,
        "format": made.format,
        "language": made.lang,
        "statements": len(batch.lines),
        "sha256": export.sha256,
    }
    changes |= {
        f"control total {currency}": _yuan(sums["amount_fen"])
        for currency, sums in batch.totals.items()
    }
    if scope.run is not None:
        w.audit("rebate_run:export", scope.run, changes=changes)
    else:
        w.audit("statement_export:make", export, changes=changes)
    return export


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
