"""The tokens with which a person's programs sign in: made, shown once, revoked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel.queries import api_tokens as reads
from channel.services import api_tokens as service
from channel.services.work import Refused
from channel.web.pages import SIGNED_IN, actor, flash_refusal, page, see_other, show

bp = Blueprint("tokens", __name__)


@page(bp, "/me/tokens", SIGNED_IN, methods=("GET", "POST"))
def index() -> Any:
    """The tokens; a new one is shown in the answer to its making and never again."""
    fresh, status = None, 200
    if request.method == "POST":
        try:
            fresh = service.make_token(actor(), request.form.get("name", ""))
        except Refused as refused:
            flash_refusal(refused)
            status = 422
    return show("accounts/tokens.html", tokens=reads.tokens_of(actor()), fresh=fresh), status


@page(bp, "/me/tokens/<int:id>/revoke", SIGNED_IN, methods=("POST",))
def revoke(id: int) -> Any:
    service.revoke_token(actor(), id)
    flash(_("The token is revoked; programs that use it are refused from now on."), "success")
    return see_other("tokens.index")


@page(bp, "/help/api", SIGNED_IN)
def guide() -> Any:
    """How another system speaks to this one."""
    return show("help/api.html", base=request.host_url.rstrip("/"))
