"""Progress of long work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from channel.queries import jobs
from channel.web.pages import SIGNED_IN, actor, is_partial, page, show

bp = Blueprint("jobs", __name__)


@page(bp, "/jobs/<int:id>", SIGNED_IN)
def record(id: int) -> Any:
    """How far it is; asks again each second until it is done."""
    job = jobs.get_job(actor(), id)
    template = "jobs/progress.html" if is_partial() else "jobs/record.html"
    return show(template, job=job, target=jobs.target(job))
