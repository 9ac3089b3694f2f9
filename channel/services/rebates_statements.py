"""PDFs of posted statements: made once, kept with their hash, and exported as one archive.

Rendering happens outside the write transaction. What was made is stored statement by statement,
so that a batch which was cut off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Actor, NotVisible, Permission, require
from channel.db import lock
from channel.documents.batch import render_many
from channel.documents.model import Lang, RebateStatementDoc
from channel.documents.rebate import render_rebate_statement
from channel.documents.statement import as_doc
from channel.models.rebates import RebateRun, RebateStatement, StatementFile
from channel.queries import rebates as reads
from channel.queries import rebates_runs
from channel.services.jobs import handles, report_progress
from channel.services.work import Refused, Work, work
from channel.tabular.writing import Cell, Column, write_csv, write_zip
from contracts.values.findings import block

LANGS: tuple[Lang, ...] = ("zh", "en")
LOCALES = {"zh": "zh_CN", "en": "en"}
#: So many documents are read, printed and stored before the progress is told.
CHUNK = 24


def _lang(lang: str) -> Lang:
    for known in LANGS:
        if lang == known:
            return known
    raise NotVisible


def _keep(w: Work, statement_id: int, lang: str, data: bytes) -> bytes:
    """Store the bytes, or give those that somebody stored meanwhile."""
    lock(RebateStatement, [statement_id])
    kept = reads.file_bytes(statement_id, lang)
    if kept is not None:
        return kept
    w.session.add(
        StatementFile(
            statement_id=statement_id,
            lang=lang,
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            created_at=w.now,
        )
    )
    return data


def statement_pdf(actor: Actor, statement_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of a posted statement: rendered on the first request, then kept."""
    require(actor, Permission.REBATES_READ)
    language = _lang(lang)
    statement = reads.get_statement(actor, statement_id, printed=True)
    if statement.number is None or statement.document is None:
        raise Refused([block("rebate.statement.not_posted", statement.policy_code)])
    name = file_name(statement.number, language)
    document = as_doc(statement.document)
    data = reads.file_bytes(statement_id, language)
    if data is not None:
        return name, data
    made = render_rebate_statement(document, language)
    with work(actor, Permission.REBATES_READ) as w:
        data = _keep(w, statement_id, language, made)
        w.audit(
            "statement:print",
            reads.get_statement(actor, statement_id),
            changes={"language": language, "sha256": hashlib.sha256(data).hexdigest()},
        )
    return name, data


def file_name(number: str, lang: str) -> str:
    return f"{number}-{lang}.pdf"


def _posted_run(actor: Actor, run_id: int) -> RebateRun:
    run = rebates_runs.get_run(actor, run_id)
    if run.state != "posted":
        raise Refused([block("rebate.statement.not_posted", run.number)])
    return run


def order_files(actor: Actor, run_id: int, lang: str) -> int:
    """Order the PDFs of a run; the same run and language is one job. Gives the job's id."""
    language = _lang(lang)
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        run = _posted_run(actor, run_id)
        job = w.job(
            "statement_batch",
            f"statement_batch:{run.id}:{language}",
            {"run_id": run.id, "lang": language},
        )
        w.audit("rebate_run:print", run, changes={"language": language})
        return job.id


@handles("statement_batch")
def _make_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Print what is not printed yet; a second attempt skips what the first one stored."""
    run_id, lang = int(payload["run_id"]), _lang(payload["lang"])
    made = make_files(actor, run_id, lang, job_id=job_id)
    return {"run_id": run_id, "lang": lang, "made": made}


def make_files(
    actor: Actor, run_id: int, lang: str, *, job_id: int | None = None, workers: int | None = None
) -> int:
    """Print and store the missing PDFs of a run; gives how many were made."""
    require(actor, Permission.STATEMENTS_EXPORT)
    language = _lang(lang)
    _posted_run(actor, run_id)
    missing = reads.without_file(run_id, language)
    total = reads.batch_state(run_id, language).total
    done = total - len(missing)
    waiting: list[tuple[int, bytes]] = []
    for statement_id, data in render_many(_documents(missing, language), workers=workers):
        waiting.append((statement_id, data))
        if len(waiting) >= CHUNK:
            done += _store(actor, language, waiting)
            if job_id is not None:
                report_progress(job_id, done, total)
    done += _store(actor, language, waiting)
    if job_id is not None:
        report_progress(job_id, done, total)
    return len(missing)


def _documents(ids: list[int], lang: Lang) -> Iterator[tuple[int, RebateStatementDoc, Lang]]:
    """The frozen documents, some at a time, so that a large run stays small in memory."""
    for start in range(0, len(ids), CHUNK):
        for statement_id, document in reads.documents_of(ids[start : start + CHUNK]):
            yield statement_id, as_doc(document), lang


def _store(actor: Actor, lang: str, waiting: list[tuple[int, bytes]]) -> int:
    """Store what is printed, in a short transaction; gives how many and empties the list."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        for statement_id, data in waiting:
            _keep(w, statement_id, lang, data)
    stored = len(waiting)
    waiting.clear()
    return stored


def export_run(actor: Actor, run_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, archive) with all PDFs and statements.csv; the same run gives the same bytes.

    Refused while PDFs are missing. Each export is written to the audit trail with its totals.
    """
    require(actor, Permission.STATEMENTS_EXPORT)
    language = _lang(lang)
    run = _posted_run(actor, run_id)
    number = run.number
    state = reads.batch_state(run_id, language)
    if state.ready < state.total:
        raise Refused(
            [block("rebate.statement.not_made", number, ready=state.ready, total=state.total)]
        )
    data = write_zip(_entries(run_id, language))
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        changes: dict[str, Any] = {
            "language": language,
            "statements": state.total,
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        changes |= {f"control total {c}": _yuan(fen) for c, fen in state.sums.items()}
        w.audit("rebate_run:export", rebates_runs.get_run(actor, run_id), changes=changes)
    return f"{number}-{language}.zip", data


def _entries(run_id: int, lang: Lang) -> Iterator[tuple[str, bytes]]:
    """The PDFs in the order of their numbers, and the list of them at the end."""
    rows: list[list[Cell]] = []
    sums: dict[str, int] = {}
    for document, sha256, data in reads.files_of(run_id, lang):
        name = file_name(document["number"], lang)
        currency = document["currency"]
        sums[currency] = sums.get(currency, 0) + document["amount_fen"]
        rows.append(_csv_row(document, name, sha256))
        yield name, data
    with force_locale(LOCALES[lang]):
        totals = [_total_row(currency, sums[currency]) for currency in sorted(sums)]
        # One row of control totals per currency; the writer takes the last as its total.
        yield (
            "statements.csv",
            write_csv(_csv_columns(), [*rows, *totals[:-1]], totals[-1] if totals else None),
        )


def _csv_columns() -> list[Column]:
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
        Column(_("file")),
        Column("SHA-256"),
    ]


def _csv_row(document: dict[str, Any], name: str, sha256: str) -> list[Cell]:
    return [
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
        name,
        sha256,
    ]


def _total_row(currency: str, fen: int) -> list[Cell]:
    return [_("Total"), *[None] * 5, currency, None, None, None, _yuan(fen), None, None]


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
