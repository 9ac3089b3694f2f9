"""Every failure as a page with a sentence and a next step; never a stack trace."""

from __future__ import annotations

import structlog
from flask import Flask, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from channel.access import Forbidden, NotVisible
from channel.services.work import Refused, Stale
from channel.web.pages import flash_refusal

log = structlog.get_logger()


def _page(status: int, title: str, text: str) -> tuple[str, int]:
    return render_template("errors/error.html", status=status, title=title, text=text), status


def _back() -> Response:
    """To the page that the form stood on, within this site."""
    referrer = request.referrer or ""
    if referrer.startswith(request.host_url):
        return redirect(referrer, code=303)
    return redirect("/", code=303)


def forbidden(error: Forbidden) -> tuple[str, int]:
    who = g.get("actor")
    log.warning("forbidden", permission=str(error.permission), user=who and who.user_id)
    return _page(403, _("Not allowed"), _("Your role may not open this page or do this."))


def not_visible(error: NotVisible) -> tuple[str, int]:
    who = g.get("actor")
    log.warning("not_visible", path=request.path, user=who and who.user_id)
    return _page(404, _("Not found"), _("There is no such record among yours."))


def refused(error: Refused) -> Response:
    flash_refusal(error)
    return _back()


def stale(error: Stale) -> Response:
    flash(
        _("Somebody changed this record since you opened it. Look at it again, then decide."),
        "warning",
    )
    return _back()


def http(error: HTTPException) -> tuple[str, int]:
    texts = {
        400: (_("Bad request"), _("The form could not be read. Go back and try again.")),
        401: (_("Please sign in."), _("Your session has ended.")),
        404: (_("Not found"), _("There is no such page.")),
        405: (_("Not found"), _("There is no such page.")),
        413: (_("File too large"), _("Files up to 40 MB can be read. Split the file.")),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    }
    status = error.code or 500
    title, text = texts.get(status, (_("Something went wrong"), _("Nothing was saved.")))
    return _page(status, title, text)


def csrf_failed(error: CSRFError) -> tuple[str, int]:
    return _page(400, _("This form has expired"), _("Go back, reload the page and send it again."))


def unexpected(error: Exception) -> tuple[str, int]:
    log.exception("unexpected", path=request.path)
    return _page(
        500,
        _("Something went wrong"),
        _("The mistake is ours and is written down. Nothing was saved; please try again."),
    )


def init_app(app: Flask) -> None:
    app.register_error_handler(Forbidden, forbidden)
    app.register_error_handler(NotVisible, not_visible)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(CSRFError, csrf_failed)
    app.register_error_handler(HTTPException, http)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, unexpected)
