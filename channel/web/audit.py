"""The audit trail, for those who may read it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from channel.access import Permission
from channel.queries import audit
from channel.web import lists
from channel.web.pages import page

bp = Blueprint("audit", __name__)


@page(bp, "/audit", Permission.AUDIT_READ)
def index() -> Any:
    return lists.answer(
        audit.AUDIT,
        subtitle=_("Written in the same transaction as the act; the database refuses changes."),
    )
