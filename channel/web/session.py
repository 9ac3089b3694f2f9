"""Who is signed in, in which language, and the headers that keep the browser honest."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_babel import Babel, get_locale, lazy_gettext
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect

from channel.access import Actor, Forbidden, Permission, require
from channel.queries import accounts as people
from channel.web.pages import PUBLIC, SIGNED_IN

LANGUAGES = {"zh_CN": "中文", "en": "English"}
#: What a program may ask for, and the language that it gets.
ASKED = {"zh": "zh_CN", "zh-CN": "zh_CN", "en": "en", "en-US": "en", "en-GB": "en"}

csrf = CSRFProtect()
login = LoginManager()
login.login_view = "accounts.sign_in"
login.login_message = lazy_gettext("Please sign in.")
login.login_message_category = "info"
login.session_protection = "basic"
babel = Babel()

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class SignedIn(UserMixin):
    """What Flask-Login holds: the actor, never the database row."""

    def __init__(self, actor: Actor, epoch: int) -> None:
        self.actor, self.epoch = actor, epoch

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.epoch}"


@login.user_loader
def _load(key: str) -> SignedIn | None:
    """The user, unless closed or signed out everywhere since (epoch)."""
    user_id, _, epoch = key.partition(":")
    if not (user_id.isdigit() and epoch.isdigit()):
        return None
    actor = people.find_actor(int(user_id), int(epoch))
    return SignedIn(actor, int(epoch)) if actor else None


def choose_locale() -> str:
    """The chosen language: of this browser, else of the user, else Chinese."""
    if request and request.path.startswith("/api/"):
        return ASKED[request.accept_languages.best_match(ASKED, "zh")]
    chosen = request.cookies.get("weir_lang") if request else None
    if chosen in LANGUAGES:
        return str(chosen)
    who: Actor | None = g.get("actor")
    return who.locale if who and who.locale in LANGUAGES else "zh_CN"


def _guard() -> Any:
    """Before each request: who is it, and may this role use this route at all?"""
    # Under tests several requests may share one application context, and with it this memory.
    g.pop("_login_user", None)
    g.actor = current_user.actor if current_user.is_authenticated else None
    if request.endpoint is None or request.endpoint == "static" or request.blueprint == "api":
        return None
    view = guarded_view(request.endpoint)
    permission = getattr(view, "permission", None)
    if permission == PUBLIC:
        return None
    if g.actor is None:
        if request.headers.get("HX-Request"):
            response = Response(status=204)
            response.headers["HX-Redirect"] = url_for("accounts.sign_in")
            return response
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    if permission == SIGNED_IN:
        return None
    if not isinstance(permission, Permission):
        abort(500, f"route {request.endpoint} declares no permission")
    require(g.actor, permission)
    return None


def guarded_view(endpoint: str) -> Any:
    from flask import current_app

    return current_app.view_functions.get(endpoint)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        # Pages hold business figures: no shared cache, no copy after sign-out.
        headers.setdefault("Cache-Control", "private, no-store")
    return response


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    login.init_app(app)
    babel.init_app(app, locale_selector=choose_locale, timezone_selector=lambda: "Asia/Shanghai")
    app.before_request(_permanent)
    app.before_request(_guard)
    app.after_request(_headers)

    @app.context_processor
    def _context() -> dict[str, Any]:
        locale = str(get_locale() or "zh_CN")
        return {
            "actor": g.get("actor"),
            "lang": "zh-CN" if locale.startswith("zh") else "en",
            "languages": LANGUAGES,
            "locale": "zh_CN" if locale.startswith("zh") else "en",
        }


def _permanent() -> None:
    # Programs carry a token in each request; they get no cookie.
    if not request.path.startswith("/api/"):
        session.permanent = True


__all__ = ["Forbidden", "SignedIn", "init_app"]
