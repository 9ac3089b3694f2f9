"""Reads of exports and mails of statements: fixed sets, their totals, and the log of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, undefer

from channel.access import Actor, NotVisible
from channel.db import db
from channel.messages.rebates_desk import FORMATS
from channel.models.jobs import MailMessage
from channel.models.rebates import PoolEntry, RebateRun, RebateStatement, StatementFile
from channel.models.rebates_desk import StatementExport
from channel.queries.listing import Column, Filter, Listing

_s, _run, _x = RebateStatement, RebateRun, StatementExport
#: Kinds of movements by which a statement fills or takes back.
FILLING = ("earned", "reversed")
#: So many ids or documents are read at a time.
CHUNK = 500


@dataclass(frozen=True)
class Line:
    """What the control totals need of one statement; amounts in fen."""

    id: int
    number: str
    currency: str
    base_fen: int
    entitlement_fen: int
    amount_fen: int
    document_sha256: str | None


def _lines(*conditions: Any) -> list[Line]:
    rows = db.session.execute(
        sa.select(
            _s.id,
            _s.number,
            _s.currency,
            _s.base_fen,
            _s.entitlement_fen,
            _s.amount_fen,
            _s.document_sha256,
        )
        .join(_run, _run.id == _s.run_id)
        .where(_run.state == "posted", *conditions)
        .order_by(_s.number)
    )
    return [Line(*row) for row in rows]


def of_run(run_id: int) -> list[Line]:
    """The statements of a posted run by number."""
    return _lines(_s.run_id == run_id)


def of_days(first: date, until: date) -> list[Line]:
    """The posted statements whose period lies within [first, until), by number."""
    return _lines(_s.period_start >= first, _s.period_end <= until)


def of_ids(ids: Sequence[int]) -> list[Line]:
    """The statements of a fixed set, by number."""
    found = []
    for start in range(0, len(ids), CHUNK):
        found += _lines(_s.id.in_(ids[start : start + CHUNK]))
    return sorted(found, key=lambda line: line.number)


def pool_sums(ids: Sequence[int]) -> dict[int, int]:
    """Statement → fen that it moved in the pool when it was posted."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        rows = db.session.execute(
            sa.select(PoolEntry.statement_id, sa.func.sum(PoolEntry.amount_fen))
            .where(
                PoolEntry.statement_id.in_(ids[start : start + CHUNK]), PoolEntry.kind.in_(FILLING)
            )
            .group_by(PoolEntry.statement_id)
        )
        found |= {statement_id or 0: int(fen) for statement_id, fen in rows}
    return found


def documents(ids: Sequence[int]) -> Iterator[tuple[int, Any]]:
    """(id, frozen document) in the order of the ids, some at a time."""
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = db.session.execute(sa.select(_s.id, _s.document).where(_s.id.in_(part))).all()
        known: dict[int, Any] = dict(rows)
        yield from ((i, known[i]) for i in part)


def papers(ids: Sequence[int], lang: str, step: int = 50) -> Iterator[tuple[Any, str, bytes]]:
    """(frozen document, sha256, PDF) in the order of the ids, some at a time."""
    for start in range(0, len(ids), step):
        part = ids[start : start + step]
        rows = db.session.execute(
            sa.select(_s.id, _s.document, StatementFile.sha256, StatementFile.data)
            .join(StatementFile, StatementFile.statement_id == _s.id)
            .where(_s.id.in_(part), StatementFile.lang == lang)
        ).all()
        known = {row[0]: row for row in rows}
        for i in part:
            _id, document, sha256, data = known[i]
            yield document, sha256, data


def without_paper(ids: Sequence[int], lang: str) -> list[int]:
    """Those of the ids that have no PDF in the language yet, in their order."""
    made: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        made |= set(
            db.session.scalars(
                sa.select(StatementFile.statement_id).where(
                    StatementFile.lang == lang,
                    StatementFile.statement_id.in_(ids[start : start + CHUNK]),
                )
            )
        )
    return [i for i in ids if i not in made]


def get_export(actor: Actor, export_id: int) -> StatementExport:
    """An export with its set; the house's only."""
    found = db.session.scalar(
        sa.select(_x)
        .options(undefer(_x.statement_ids), joinedload(_x.run))
        .where(_x.id == export_id)
    )
    if found is None or actor.is_distributor:
        raise NotVisible
    return found


def data_of(export_id: int) -> bytes | None:
    """The bytes that were kept with an export."""
    return db.session.scalar(sa.select(_x.data).where(_x.id == export_id))


def repeats_of(export: StatementExport) -> list[StatementExport]:
    """The exports of the same set in the same format and language, oldest first."""
    return list(
        db.session.scalars(
            sa.select(_x)
            .where(
                _x.set_sha256 == export.set_sha256,
                _x.format == export.format,
                _x.lang == export.lang,
            )
            .order_by(_x.id)
        )
    )


LOG = Listing(
    name="statement-exports",
    title=_l("Exports of statements"),
    identity=_x.id,
    source=sa.outerjoin(_x, _run, _run.id == _x.run_id),
    columns=[
        Column("number", _l("number"), _x.number, "code"),
        Column("exported_at", _l("exported at"), _x.exported_at, "instant"),
        Column("exported_by", _l("by"), _x.exported_by),
        Column("run", _l("run"), _run.number, "code", wide=True),
        Column("period_start", _l("from"), _x.period_start, "date", wide=True),
        Column("period_end", _l("until (exclusive)"), _x.period_end, "date", wide=True),
        Column("format", _l("format"), _x.format, "file_format"),
        Column("lang", _l("language"), _x.lang, wide=True),
        Column("statements", _l("statements"), _x.statements, "quantity"),
        Column("sha256", "SHA-256", sa.func.substr(_x.sha256, 1, 16), "code", wide=True),
    ],
    default_sort="-number",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    filters=[
        Filter("format", _l("format"), _x.format, choices=list(FORMATS.items())),
        Filter("from", _l("exported at"), _x.exported_at, kind="from"),
    ],
    search=[_x.number, _x.exported_by, _run.number, _x.sha256],
    endpoint="rebates.export",
    empty=_l("Nothing was exported yet: choose a period."),
)


def named_file(file_id: int) -> tuple[str, bytes] | None:
    """(file name, PDF) of a statement, for a mail."""
    row = db.session.execute(
        sa.select(_s.number, StatementFile.lang, StatementFile.data)
        .join(_s, _s.id == StatementFile.statement_id)
        .where(StatementFile.id == file_id)
    ).one_or_none()
    return (f"{row.number}-{row.lang}.pdf", row.data) if row else None


def mailed_ids(run_id: int) -> set[int]:
    """The statements of a run that were mailed."""
    return set(
        db.session.scalars(
            sa.select(StatementFile.statement_id)
            .join(MailMessage, MailMessage.statement_file_id == StatementFile.id)
            .join(_s, _s.id == StatementFile.statement_id)
            .where(_s.run_id == run_id)
            .distinct()
        )
    )


def to_mail(ids: Sequence[int], lang: str) -> list[Any]:
    """(statement id, number, distributor, PDF id, document) of some statements."""
    return list(
        db.session.execute(
            sa.select(
                _s.id,
                _s.number,
                _s.distributor_id,
                StatementFile.id.label("file_id"),
                _s.document,
            )
            .join(StatementFile, StatementFile.statement_id == _s.id)
            .where(_s.id.in_(ids), StatementFile.lang == lang)
            .order_by(_s.number)
        )
    )
