"""Inventory reports: rows or a file sent once by the caller's own key, checked, filed, read."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from channel.access import Permission
from channel.api import reading
from channel.api.problems import problem, worded
from channel.api.routing import actor, route
from channel.models.uploads import Upload
from channel.queries import stock as reports
from channel.services import stock as service
from channel.services.work import Refused
from channel.tabular.report_json import write_rows
from contracts.values.findings import block, from_json

MEMBERS = {"external_key", "distributor", "period", "rows", "file", "file_it", "reason"}
FILE_MEMBERS = {"name", "content"}
#: Findings told in one answer; the page of the file shows them all.
TOLD_MAX = 100


@route(
    "/stock-reports",
    Permission.STOCK_FILE,
    "Send an inventory report as rows or as a file; the same key or content sends it once",
    method="POST",
    takes="NewStockReport",
    gives="StockReport",
    statuses={201: "received, and filed where nothing is wrong", 200: "was sent before"},
)
def send_stock_report() -> Any:
    """What blocks is told with 422; the file then waits on its page to be mended."""
    found: list[Any] = []
    members = reading.Members(reading.body(), MEMBERS, found)
    key = members.text("external_key", most=reading.KEY_MAX, is_code=True)
    owner = reading.distributor(actor(), members)
    period = members.text("period", most=30, needed=True)
    reason = members.text("reason", most=500)
    wanted = members.flag("file_it") or "file_it" not in members.data
    name, data = _content(members)
    if found or owner is None:
        raise Refused(found)
    known = reports.upload_by_key(actor(), owner.id, key) if key else None
    if known is not None:
        upload = reports.get_upload(actor(), known)
        if upload.sha256 != hashlib.sha256(data).hexdigest():
            return problem(409, [block("api.key_used", key, key=key, number=str(known))])
        return _answer(known), 200
    got = service.receive_report(actor(), owner.id, period, name, data, key=key)
    if not wanted or service.is_long(actor(), got.upload_id):
        return _answer(got.upload_id), 200 if got.is_known else 201
    service.accept_report(actor(), got.upload_id, None, reason)
    return _answer(got.upload_id), 200 if got.is_known else 201


@route(
    "/stock-reports/<int:id>",
    Permission.STOCK_FILE,
    "What became of a report that was sent",
    gives="StockReport",
)
def get_stock_report(id: int) -> Any:
    return _answer(id)


def _content(members: reading.Members) -> tuple[str, bytes]:
    """(name, bytes) of what was sent: rows, or a file in Base64; one of them, not both."""
    rows, file = members.data.get("rows"), members.data.get("file")
    if (rows is None) == (file is None):
        members.wrong("rows")
        return "", b""
    if file is None:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            members.wrong("rows")
            return "", b""
        return "report.json", write_rows(rows)
    if not isinstance(file, dict):
        members.wrong("file")
        return "", b""
    own = reading.Members(file, FILE_MEMBERS, members.found, "file/")
    name = own.text("name", most=200, needed=True)
    content = file.get("content")
    try:
        data = base64.b64decode(content if isinstance(content, str) else "?", validate=True)
    except (binascii.Error, ValueError):
        own.wrong("content")
        return name, b""
    return name, data


def _answer(upload_id: int) -> dict[str, Any]:
    upload: Upload = reports.get_upload(actor(), upload_id)
    report_id = reports.report_of_upload(upload_id) if upload.state == "confirmed" else None
    report = reports.get_report(actor(), report_id) if report_id else None
    return {
        "id": upload.id,
        "state": {"confirmed": "filed", "received": "waiting"}.get(upload.state, upload.state),
        "period": str(upload.options.get("period", "")),
        "file": upload.filename,
        "rows": int((upload.summary or {}).get("rows", 0)),
        "report": report_id,
        "version": report.version_no if report else None,
        "findings": [worded(f) for f in from_json((upload.findings or [])[:TOLD_MAX])],
    }
