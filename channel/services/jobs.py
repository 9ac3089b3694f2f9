"""Long work: claimed under a lease, done in steps that are unique, taken up again after a crash.

A kind registers its function with `handles`; the worker asks the table each second, which needs
no other service and works the same on both databases.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app

from channel import clock
from channel.access import SYSTEM, Actor
from channel.db import db
from channel.mail import transport
from channel.models.accounts import User
from channel.models.jobs import Job, MailMessage
from channel.queries import rebates_exports
from channel.queries.accounts import actor_of
from channel.services.work import Refused, work
from contracts.values.findings import to_json

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3

#: fn(actor, job id, payload) → result facts for the page.
Handler = Callable[[Actor, int, dict[str, Any]], dict[str, Any]]
HANDLERS: dict[str, Handler] = {}
#: Run once in each round of the worker: fn(actor), e.g. reminders and expiries.
CHORES: list[Callable[[Actor], None]] = []


def handles(kind: str) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return keep


def report_progress(job_id: int, done: int, total: int) -> None:
    """Say how far it is and renew the lease."""
    with work(SYSTEM) as w:
        w.session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(done=done, total=total, lease_until=w.now + LEASE)
        )


def _claim() -> tuple[int, str, dict[str, Any], int | None] | None:
    """The next job that waits or whose lease has run out, or None."""
    with work(SYSTEM) as w:
        ready = sa.or_(
            Job.state == "waiting",
            sa.and_(Job.state == "running", Job.lease_until < w.now),
        )
        job = w.session.scalar(
            sa.select(Job).where(ready).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        )
        if job is None:
            return None
        job.attempt += 1
        if job.attempt > MAX_ATTEMPTS:
            job.state, job.finished_at = "failed", w.now
            return None
        job.state, job.lease_until = "running", w.now + LEASE
        return job.id, job.kind, dict(job.payload), job.created_by_id


def _finish(job_id: int, state: str, result: Any) -> None:
    with work(SYSTEM) as w:
        job = w.session.get_one(Job, job_id)
        job.state, job.result, job.finished_at = state, result, w.now
        if state == "done":
            job.done = job.total = max(job.total, job.done, 1)


def run_next() -> bool:
    """Do one job; False when none waits. What goes wrong is written into the job."""
    claimed = _claim()
    if claimed is None:
        return False
    job_id, kind, payload, user_id = claimed
    user = db.session.get(User, user_id) if user_id else None
    actor = actor_of(user) if user else SYSTEM
    try:
        result = HANDLERS[kind](actor, job_id, payload)
    except Refused as refused:
        _finish(job_id, "failed", {"findings": to_json(refused.findings)})
    except Exception:
        log.exception("job_failed", job=job_id, kind=kind)
        _finish(job_id, "failed", {"error": traceback.format_exc(limit=3)})
    else:
        _finish(job_id, "done", result)
    return True


def deliver_mails(limit: int = 50) -> int:
    """Send what waits; a failed one is tried again a few times, and its error is kept."""
    waiting = db.session.execute(
        sa.select(
            MailMessage.id,
            MailMessage.recipient,
            MailMessage.subject,
            MailMessage.body,
            MailMessage.statement_file_id,
        )
        .where(MailMessage.sent_at.is_(None), MailMessage.attempts < 5)
        .order_by(MailMessage.id)
        .limit(limit)
    ).all()
    for mail_id, recipient, subject, body, paper in waiting:
        pdf = rebates_exports.named_file(paper) if paper else None
        # A mail server may take its time: nothing of the database is held meanwhile.
        db.session.rollback()
        error = _hand_over(mail_id, recipient, subject, body, pdf)
        with work(SYSTEM) as w:
            mail = w.session.get_one(MailMessage, mail_id)
            mail.attempts += 1
            mail.error = error
            mail.sent_at = None if error else w.now
    return len(waiting)


def _hand_over(
    mail_id: int, recipient: str, subject: str, body: str, pdf: tuple[str, bytes] | None
) -> str:
    """Send one mail, or write it to the folder; gives the error, or nothing."""
    settings = current_app.config["WEIR"]
    try:
        message = transport.compose(settings.mail_from, recipient, subject, body, pdf)
        if settings.smtp_url:
            transport.send_by_smtp(settings.smtp_url, message)
        else:
            name = f"{clock.today():%Y%m%d}-{mail_id:06d}"
            transport.write_to_folder(settings.var / "mail", name, message)
    except (OSError, ValueError) as error:  # SMTP errors are OSErrors; a bad address is a value
        return str(error) or type(error).__name__
    return ""


def run_round() -> bool:
    """One round of the worker: a job, the chores, the mails. True when a job was done."""
    worked = run_next()
    if not worked:
        for chore in CHORES:
            chore(SYSTEM)
    deliver_mails()
    return worked
