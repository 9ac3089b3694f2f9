"""Problem documents (RFC 9457): what went wrong in code and words, for programs and people."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, g, json, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from channel.access import Forbidden, NotVisible
from channel.messages import remedy, sentence
from channel.services.work import Refused, Stale
from contracts.values.findings import Finding, facts_to_json

log = structlog.get_logger()

PREFIX = "/api/"
TYPE = "application/problem+json"
#: What the body or the address says wrongly is the caller's to mend, not a rule of the trade.
_UNREADABLE = ("api.parameter", "api.body", "api.json")


def problem(status: int, findings: Sequence[Finding] = (), detail: str = "") -> Response:
    """One document; its title is the status in words, its detail the first sentence."""
    said = [worded(finding) for finding in findings]
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or (said[0]["sentence"] if said else HTTPStatus(status).phrase),
        "instance": request.path,
    }
    if said:
        body["findings"] = said
    return Response(json.dumps(body), status=status, mimetype=TYPE)


def worded(finding: Finding) -> dict[str, Any]:
    """A finding for other programs: its code and facts, and its sentence for people."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "sentence": sentence(finding),
        "remedy": remedy(finding),
        "facts": facts_to_json(finding.facts),
    }


def _who() -> int | None:
    who = g.get("api_actor")
    return who.user_id if who else None


def forbidden(error: Forbidden) -> Response:
    log.warning("forbidden", permission=str(error.permission), user=_who(), path=request.path)
    return problem(403, detail=_("Your role may not open this page or do this."))


def not_visible(_error: NotVisible) -> Response:
    log.warning("not_visible", path=request.path, user=_who())
    return problem(404, detail=_("There is no such record among yours."))


def refused(error: Refused) -> Response:
    unreadable = all(finding.code in _UNREADABLE for finding in error.findings)
    return problem(400 if unreadable else 422, error.findings)


def stale(_error: Stale) -> Response:
    text = _("Somebody changed this record since you opened it. Look at it again, then decide.")
    return problem(409, detail=text)


def http(error: HTTPException) -> Response:
    answer = problem(error.code or 500)
    if error.code == 405:
        answer.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return answer


def unmatched() -> Response | None:
    """No such address, or no such method there: said before any page could say it in HTML."""
    if not request.path.startswith(PREFIX) or request.routing_exception is None:
        return None
    return http(request.routing_exception)


def hang_on(bp: Blueprint) -> None:
    bp.register_error_handler(Forbidden, forbidden)
    bp.register_error_handler(NotVisible, not_visible)
    bp.register_error_handler(Refused, refused)
    bp.register_error_handler(Stale, stale)
    bp.register_error_handler(HTTPException, http)
