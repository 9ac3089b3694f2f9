"""A unit of work: one transaction with its actor, its instant, its audit trail and its mails.

This is the only module that commits. Mails and jobs are rows of the same transaction, so they
leave after the commit or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from channel import clock
from channel.access import Actor, Permission, require
from channel.db import db, write_transaction
from channel.models.audit import AuditEntry, NumberSeries
from channel.models.jobs import Job, MailMessage

#: Set by the web for each request, printed in every audit line and log line.
request_id: ContextVar[str] = ContextVar("weir_request_id", default="")


class Stale(Exception):
    """Somebody changed the record since the actor saw it; the page asks to look again."""


class Refused(Exception):
    """A rule said no. Carries findings; nothing was saved."""

    def __init__(self, findings: list[Any]) -> None:
        super().__init__(", ".join(f.code for f in findings))
        self.findings = findings


def plain(value: Any) -> Any:
    """A value as JSON can hold it, for the audit trail."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


@dataclass
class Work:
    """The open transaction of one use case."""

    session: scoped_session[Session]
    actor: Actor
    now: datetime
    #: What was read once for the whole transaction, by the name of its reader.
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return clock.date_of(self.now)

    def audit(
        self,
        tag: str,
        subject: Any,
        *,
        label: str = "",
        reason: str = "",
        changes: Mapping[str, Any] | None = None,
        distributor_id: int | None = None,
    ) -> None:
        """Write who did what; `changes` is {field: (old, new)} or {field: value}."""
        kept = {
            key: [plain(v) for v in value] if isinstance(value, tuple) else plain(value)
            for key, value in (changes or {}).items()
        }
        self.session.add(
            AuditEntry(
                at=self.now,
                actor_id=self.actor.user_id,
                actor_name=self.actor.name,
                tag=tag,
                subject_kind=subject.__tablename__,
                subject_id=getattr(subject, "id", None),
                subject_label=label
                or str(getattr(subject, "number", None) or getattr(subject, "code", None) or ""),
                distributor_id=distributor_id or getattr(subject, "distributor_id", None),
                reason=reason,
                changes=kept,
                request_id=request_id.get(),
            )
        )

    def number(self, series: str) -> int:
        """Draw the next number; without gaps, because it is given back on rollback."""
        statement = (
            sa.update(NumberSeries)
            .where(NumberSeries.name == series)
            .values(value=NumberSeries.value + 1)
            .returning(NumberSeries.value)
        )
        value = self.session.scalar(statement)
        if value is None:
            # Two may open the series at once: the second finds what the first one opened.
            with suppress(IntegrityError), self.session.begin_nested():
                self.session.add(NumberSeries(name=series, value=0))
            value = self.session.scalar(statement)
        assert value is not None
        return value

    def draw(self, prefix: str, on: date) -> str:
        """A document number such as SO-2026-000012; one series per prefix and year."""
        return f"{prefix}-{on.year}-{self.number(f'{prefix}-{on.year}'):06d}"

    def draw_many(self, prefix: str, on: date, count: int) -> list[str]:
        """So many document numbers in a row, drawn at once."""
        series = f"{prefix}-{on.year}"
        first = self.number(series)
        if count > 1:
            self.session.execute(
                sa.update(NumberSeries)
                .where(NumberSeries.name == series)
                .values(value=NumberSeries.value + count - 1)
            )
        return [f"{series}-{n:06d}" for n in range(first, first + count)]

    def mail(
        self,
        recipient: str,
        subject: str,
        body: str,
        key: str | None = None,
        statement_file_id: int | None = None,
    ) -> None:
        """Write a mail that leaves after the commit; the same key is written once.

        `statement_file_id`: the PDF of a statement that goes along.
        """
        if key and self.session.scalar(sa.select(MailMessage.id).where(MailMessage.key == key)):
            return
        self.session.add(
            MailMessage(
                recipient=recipient,
                subject=subject,
                body=body,
                created_at=self.now,
                key=key,
                statement_file_id=statement_file_id,
            )
        )

    def job(self, kind: str, key: str, payload: Mapping[str, Any]) -> Job:
        """Order long work; the same key gives the job that already stands, a failed one anew."""
        standing = self.session.scalar(sa.select(Job).where(Job.key == key))
        if standing is not None:
            if standing.state == "failed":
                standing.state, standing.lease_until, standing.result = "waiting", None, None
                standing.attempt = 0
            return standing
        job = Job(
            kind=kind,
            key=key,
            payload=dict(payload),
            created_by_id=self.actor.user_id,
            created_at=self.now,
        )
        self.session.add(job)
        self.session.flush()  # the page that follows needs job.id
        return job

    def checkpoint(self) -> None:
        """Keep what is done so far and go on; only for jobs whose steps are unique."""
        self.session.commit()


@contextmanager
def work(actor: Actor, permission: Permission | None = None) -> Iterator[Work]:
    """Open a writing transaction, demand the permission, commit at the end.

    What was read before is dropped first, so that every figure is read under the new
    transaction's locks; any error rolls everything back.
    """
    if permission is not None:
        require(actor, permission)
    session = db.session
    session.rollback()
    with write_transaction():
        try:
            session.connection()
            yield Work(session=session, actor=actor, now=clock.now())
            session.commit()
        except BaseException:
            session.rollback()
            raise


def assert_seen(record: Any, seen_version: int | None) -> None:
    """Refuse when the record moved on since the actor's page was drawn."""
    if seen_version is not None and record.row_version != seen_version:
        raise Stale
    record.row_version += 1
