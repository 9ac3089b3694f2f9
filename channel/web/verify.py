"""The page behind the QR code of a statement: number, date, amount, and whether it still holds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from channel.services import statement_records as service
from channel.services.work import Refused
from channel.web.pages import PUBLIC, flash_refusal, page, show

bp = Blueprint("verify", __name__)


@page(bp, "/verify/<number>/<code>", PUBLIC)
def record(number: str, code: str) -> Any:
    """Nothing but what the paper itself says, and whether it is still so."""
    try:
        found = service.look_up(number, code, request.remote_addr or "")
    except Refused as refused:
        flash_refusal(refused)
        return show("verify/record.html", record=None, number=number, throttled=True), 429
    status = 200 if found else 404
    return show("verify/record.html", record=found, number=number, throttled=False), status
