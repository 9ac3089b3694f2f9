"""Log lines as JSON with request id and actor, counters for monitoring, and the health check."""

from __future__ import annotations

import time
import uuid
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from channel.db import db
from channel.services.work import request_id
from channel.web.pages import PUBLIC, page

log = structlog.get_logger()
bp = Blueprint("logs", __name__)

REQUESTS = Counter("weir_requests_total", "Requests", ["endpoint", "status"])
SECONDS = Histogram("weir_request_seconds", "Seconds per request", ["endpoint"])


@page(bp, "/healthz", PUBLIC)
def health() -> tuple[str, int]:
    """Alive and able to read the database."""
    db.session.execute(sa.text("SELECT 1"))
    return "ok", 200


@page(bp, "/metrics", PUBLIC)
def metrics() -> Response:
    """Counters for Prometheus, to this machine only; a proxy must not pass it on."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        return Response("", status=404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _begin() -> None:
    g.request_id = uuid.uuid4().hex
    g.started = time.perf_counter()
    request_id.set(g.request_id)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "none"
    REQUESTS.labels(endpoint, response.status_code).inc()
    SECONDS.labels(endpoint).observe(seconds)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if endpoint not in ("static", "logs.health"):
        who: Any = g.get("actor")
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(seconds * 1000),
            request_id=g.get("request_id"),
            user=who.user_id if who else None,
        )
    return response


def init_app(app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(40 if app.config["TESTING"] else 20),
    )
    app.before_request(_begin)
    app.after_request(_end)
    app.register_blueprint(bp)
