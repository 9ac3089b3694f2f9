"""Statements of account of many distributors: ordered once, made as a job, kept with their hash.

What is made is stored statement by statement, so a job that was cut off goes on where it stopped;
a statement that is stored is never made again and never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel import clock
from channel.access import Actor, NotVisible, Permission, require
from channel.db import db
from channel.documents.account import AccountStatementDoc, render_account_statement
from channel.documents.batch import render_many
from channel.documents.model import Lang
from channel.messages import format_date
from channel.models.dunning import AccountStatementFile, StatementBatch
from channel.models.partners import Distributor
from channel.queries import account_statement
from channel.queries import statement_batches as reads
from channel.services.jobs import handles, report_progress
from channel.services.steps.dunning_mails import readers_of
from channel.services.work import Refused, Work, work
from channel.tabular.writing import Cell, Column, write_csv, write_zip
from contracts.values.findings import block

LANGS: tuple[Lang, ...] = ("zh", "en")
LOCALES = {"zh": "zh_CN", "en": "en"}
#: So many statements are made and stored before the progress is told.
CHUNK = 12


@dataclass(frozen=True)
class Wish:
    """Whose statements, of which days (both inclusive), in which language."""

    by: str
    value: str
    label: str
    first: date
    last: date
    lang: str = "zh"
    with_mail: bool = False


def order_batch(actor: Actor, wish: Wish) -> tuple[int, int]:
    """Fix who is in it and order the job; gives the ids of the batch and of the job."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        if wish.last < wish.first:
            raise Refused([block("statements.span")])
        if wish.by not in reads.CHOICES or wish.lang not in LANGS:
            raise NotVisible
        ids = reads.chosen_ids(actor, wish.by, wish.value, wish.last)
        if not ids:
            raise Refused([block("statements.none")])
        batch = StatementBatch(
            number=w.draw("BA", w.today),
            first_day=wish.first,
            last_day=wish.last,
            lang=wish.lang,
            chosen={"by": wish.by, "value": wish.value, "label": wish.label},
            distributor_ids=ids,
            with_mail=wish.with_mail,
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(batch)
        w.session.flush()  # the job names the batch
        job = w.job("account_statements", f"account_statements:{batch.id}", {"batch_id": batch.id})
        w.audit("statement_batch:order", batch, changes={"account_statements": len(ids)})
        return batch.id, job.id


def order_again(actor: Actor, batch_id: int) -> int:
    """The job of a batch; one that failed is taken up where it stopped."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        batch = reads.get_batch(actor, batch_id)
        key = f"account_statements:{batch.id}"
        return w.job("account_statements", key, {"batch_id": batch.id}).id


@handles("account_statements")
def _make_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    batch_id = int(payload["batch_id"])
    return {"batch_id": batch_id, "made": make_statements(actor, batch_id, job_id=job_id)}


def make_statements(
    actor: Actor, batch_id: int, *, job_id: int | None = None, workers: int | None = None
) -> int:
    """Make and store what is missing of a batch; gives how many were made."""
    require(actor, Permission.STATEMENTS_EXPORT)
    batch = reads.get_batch(actor, batch_id)
    language = cast(Lang, batch.lang)
    span = batch.first_day, batch.last_day
    # The day of the order, so that a job taken up again prints the same.
    issued = clock.date_of(batch.created_at)
    left, total = reads.missing(batch), len(batch.distributor_ids)
    made = 0
    for start in range(0, len(left), CHUNK):
        part = left[start : start + CHUNK]
        docs = list(_documents(actor, part, span, issued))
        db.session.rollback()  # nothing of the database is held while pages are printed
        printed = render_many(
            ((i, doc, language) for i, doc in docs),
            workers=workers,
            render=render_account_statement,
        )
        _store(actor, batch_id, dict(docs), printed)
        made += len(docs)
        if job_id is not None:
            report_progress(job_id, total - len(left) + made, total)
    return made


def _documents(
    actor: Actor, ids: list[int], span: tuple[date, date], issued: date
) -> Iterator[tuple[int, AccountStatementDoc]]:
    for distributor_id in ids:
        distributor = account_statement.get_distributor(actor, distributor_id)
        made = account_statement.document(actor, distributor, *span, issued)
        yield distributor_id, cast(AccountStatementDoc, made)


def _store(
    actor: Actor,
    batch_id: int,
    docs: dict[int, AccountStatementDoc],
    printed: Iterator[tuple[int, bytes]],
) -> None:
    """Store some statements, and tell their readers, in one short transaction."""
    ready = list(printed)
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        batch = reads.get_batch(actor, batch_id)
        standing = set(reads.missing(batch))
        files = [
            AccountStatementFile(
                batch_id=batch_id,
                distributor_id=distributor_id,
                currency=docs[distributor_id]["currency"],
                opening_fen=docs[distributor_id]["opening_fen"],
                closing_fen=docs[distributor_id]["closing_fen"],
                document=dict(docs[distributor_id]),
                sha256=hashlib.sha256(data).hexdigest(),
                data=data,
                created_at=w.now,
            )
            for distributor_id, data in ready
            if distributor_id in standing
        ]
        w.session.add_all(files)
        w.session.flush()  # the mails name the files
        if batch.with_mail:
            _tell(w, batch, files)


def _tell(w: Work, batch: StatementBatch, files: list[AccountStatementFile]) -> None:
    """One mail for each reader: which days, and where the statement is."""
    readers = readers_of(w, {file.distributor_id for file in files})
    address = current_app.config["WEIR"].base_url
    for file in files:
        for email, locale in readers.get(file.distributor_id, ()):
            with force_locale(locale):
                w.mail(
                    email,
                    _(
                        "Statement of account %(first)s – %(last)s",
                        first=format_date(batch.first_day),
                        last=format_date(batch.last_day),
                    ),
                    "\n\n".join(
                        [
                            _(
                                "Please compare it with your books and object in writing by "
                                "%(day)s if something is wrong.",
                                day=str(file.document["objection_until"]),
                            ),
                            f"{address}/statements/files/{file.id}",
                        ]
                    ),
                    key=f"statement:{file.id}:{email}"[:200],
                )


def export_batch(actor: Actor, batch_id: int) -> tuple[str, bytes]:
    """(file name, archive) with every PDF and statements.csv; the same batch, the same bytes."""
    require(actor, Permission.STATEMENTS_EXPORT)
    batch = reads.get_batch(actor, batch_id)
    state = reads.state_of(batch)
    if state.ready < state.total:
        raise Refused([block("statements.not_made", ready=state.ready, total=state.total)])
    number, lang = batch.number, batch.lang
    data = write_zip(_entries(batch_id, lang))
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        changes: dict[str, Any] = {
            "account_statements": state.total,
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        w.audit("statement_batch:export", reads.get_batch(actor, batch_id), changes=changes)
    return f"{number}-{lang}.zip", data


def file_name(code: str, number: str, lang: str) -> str:
    return f"{code}-{number}-{lang}.pdf"


def _entries(batch_id: int, lang: str) -> Iterator[tuple[str, bytes]]:
    """The PDFs by the code of the distributor, and the list of them with totals at the end."""
    rows: list[list[Cell]] = []
    sums: dict[str, list[int]] = {}
    number = db.session.scalar(
        sa.select(StatementBatch.number).where(StatementBatch.id == batch_id)
    )
    for file in reads.files_of(batch_id):
        owner: Distributor = file.distributor
        name = file_name(owner.code, number or "", lang)
        total = sums.setdefault(file.currency, [0, 0])
        total[0] += file.opening_fen
        total[1] += file.closing_fen
        rows.append(
            [owner.code, owner.name, file.currency, _yuan(file.opening_fen),
             _yuan(file.closing_fen), name, file.sha256]
        )  # fmt: skip
        yield name, file.data
    with force_locale(LOCALES[lang]):
        totals: list[list[Cell]] = [
            [_("Total"), None, currency, _yuan(first), _yuan(last), None, None]
            for currency, (first, last) in sorted(sums.items())
        ]
        yield (
            "statements.csv",
            write_csv(_columns(), [*rows, *totals[:-1]], totals[-1] if totals else None),
        )


def _columns() -> list[Column]:
    return [
        Column(_("distributor code")),
        Column(_("distributor")),
        Column(_("currency")),
        Column(_("opening balance"), "money"),
        Column(_("closing balance"), "money"),
        Column(_("file")),
        Column("SHA-256"),
    ]


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)
