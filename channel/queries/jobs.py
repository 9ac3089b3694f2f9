"""Reads of long work: only one's own jobs, or all for those who keep the house."""

from __future__ import annotations

from typing import Any

from channel.access import Actor, NotVisible, Permission, may
from channel.db import db
from channel.models.jobs import Job

#: kind → the endpoint that shows what came of it, and the payload key of its id ('': none).
TARGETS = {
    "import": ("uploads.record", "upload_id"),
    "rebate_run": ("rebates.run", "run_id"),
    "rebate_post": ("rebates.run", "run_id"),
    "credit_trial": ("credit_policies.trial", "trial_id"),
    "statement_batch": ("rebates.batch", "run_id"),
    "statement_export": ("rebates.export", "export_id"),
    "statement_mails": ("rebates.batch", "run_id"),
    "account_statements": ("statements.record", "batch_id"),
    "credit_grades": ("scores.index", ""),
    "stock_check": ("stock.review", "upload_id"),
    "stock_file": ("stock.record", "report_id"),
}


def get_job(actor: Actor, job_id: int) -> Job:
    """The job, for who ordered it and for auditors of the house; else NotVisible."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotVisible
    if job.created_by_id != actor.user_id and not may(actor, Permission.AUDIT_READ):
        raise NotVisible
    return job


def target(job: Job) -> tuple[str, dict[str, Any]] | None:
    """Where the result can be looked at."""
    if job.state != "done" or job.kind not in TARGETS:
        return None
    endpoint, key = TARGETS[job.kind]
    if not key:
        return endpoint, {}
    found = (job.result or {}).get(key) or job.payload.get(key)
    return (endpoint, {"id": found}) if found else None
