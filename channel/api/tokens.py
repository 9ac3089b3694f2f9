"""Who calls: a bearer token in each request, nothing remembered between two of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from channel.api.problems import problem
from channel.services import api_tokens
from channel.services.work import Refused
from contracts.values.findings import block

#: Answered without a token: the document that says how to get one.
OPEN = {"api.openapi"}


def _guard() -> Any:
    g.api_actor = None
    if request.endpoint in OPEN:
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return _unknown("api.token_needed")
    try:
        g.api_actor = api_tokens.sign_in(token.strip(), request.remote_addr or "")
    except Refused as refused:
        answer = problem(429, refused.findings)
        answer.headers["Retry-After"] = "900"
        return answer
    g.actor = g.api_actor
    return None if g.api_actor else _unknown("api.token_unknown")


def _unknown(code: str) -> Any:
    answer = problem(401, [block(code)])
    answer.headers["WWW-Authenticate"] = 'Bearer realm="weir"'
    return answer


def guard(bp: Blueprint) -> None:
    bp.before_request(_guard)
