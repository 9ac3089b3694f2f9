"""What every page shares: the permission on the route, the actor, and partial answers.

`page` is the only way to add a route, so that no route can be without a permission.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WsgiResponse

from channel import clock
from channel.access import Actor, Permission
from channel.messages import remedy, sentence
from channel.services.work import Refused

#: For the few routes that need no sign-in.
PUBLIC = "public"
#: For routes that every signed-in person may use.
SIGNED_IN = "signed-in"

View = Callable[..., Any]


def page(
    bp: Blueprint,
    rule: str,
    permission: Permission | str,
    methods: tuple[str, ...] = ("GET",),
    **options: Any,
) -> Callable[[View], View]:
    """Add a route with the permission that it demands."""

    def decorate(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        bp.add_url_rule(rule, view_func=view, methods=list(methods), **options)
        return view

    return decorate


def actor() -> Actor:
    """Who asks. Only pages behind a sign-in may call it."""
    who: Actor | None = g.get("actor")
    if who is None:
        abort(401)
    return who


def seen_version() -> int | None:
    """The version of the record from which the form was drawn that is sent."""
    text = request.form.get("seen_version", "")
    return int(text) if text.isdecimal() else None


def day_asked(name: str = "on") -> date:
    """The day of the address, or today; what cannot be read is today."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return clock.today()
    # Years that no calendar of ours knows would only overflow when days are added.
    return day if 1990 <= day.year <= 2100 else clock.today()


def is_partial() -> bool:
    """True when htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def see_other(endpoint: str, **values: Any) -> WsgiResponse:
    """After a POST: look at the result with GET."""
    return redirect(url_for(endpoint, **values), code=303)


def flash_refusal(refused: Refused) -> None:
    """Each reason as its own message: what is wrong and what to do."""
    for finding in refused.findings:
        flash(" ".join(filter(None, [sentence(finding), remedy(finding)])), "danger")


def download(data: bytes, filename: str, mimetype: str) -> Response:
    """A file to keep; the name may be Chinese."""
    response = Response(data, mimetype=mimetype)
    # Headers travel in Latin-1: a Chinese name goes percent-encoded (RFC 6266), with a plain
    # one beside it for old programs.
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode("ascii")
    plain = plain.lstrip("-_ ")
    names = {"filename": f"file{plain}" if plain[:1] in ("", ".") else plain}
    if plain != filename:
        names["filename*"] = "UTF-8''" + quote(filename, safe="!#$&+-.^_`|~")
    response.headers.set("Content-Disposition", "attachment", **names)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def show(template: str, **values: Any) -> str:
    return render_template(template, **values)
