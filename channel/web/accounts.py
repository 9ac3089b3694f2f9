"""Pages about people: sign-in, own settings, and the administrator's list of users."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, g, request
from flask import redirect as go
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from channel.access import Permission, Role
from channel.messages.coded import ROLES
from channel.queries import accounts as people
from channel.queries import audit, partners
from channel.services import accounts as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.accounts import (
    ChangePasswordForm,
    ForgotForm,
    InviteForm,
    NewPasswordForm,
    SignInForm,
    UserForm,
)
from channel.web.pages import PUBLIC, SIGNED_IN, actor, flash_refusal, page, see_other, show
from channel.web.session import LANGUAGES, SignedIn

bp = Blueprint("accounts", __name__)


def safe_next(target: str | None) -> str:
    """A path on this site, or the home page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    return target if not urlsplit(target).netloc else "/"


def _base_url() -> str:
    return str(current_app.config["WEIR"].base_url)


@page(bp, "/login", PUBLIC, methods=("GET", "POST"))
def sign_in() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            known = service.sign_in(
                form.email.data or "", form.password.data or "", request.remote_addr or ""
            )
        except Refused as refused:
            flash_refusal(refused)
            return show("accounts/sign_in.html", form=form), 429
        if known:
            login_user(SignedIn(*known))
            return go(safe_next(request.args.get("next")), code=303)
        flash(_("Address or password is not right."), "danger")
        return show("accounts/sign_in.html", form=form), 401
    return show("accounts/sign_in.html", form=form)


@page(bp, "/logout", SIGNED_IN, methods=("POST",))
def sign_out() -> Any:
    logout_user()
    return see_other("accounts.sign_in")


@page(bp, "/language", PUBLIC, methods=("POST",))
def set_language() -> Any:
    """Switch the language; remembered in this browser and, when signed in, by the user."""
    chosen = request.form.get("language", "")
    response = go(safe_next(request.form.get("next")), code=303)
    if chosen in LANGUAGES:
        if g.actor is not None:
            service.set_locale(g.actor, chosen)
        response.set_cookie(
            "weir_lang",
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


@page(bp, "/password/forgot", PUBLIC, methods=("GET", "POST"))
def forgot() -> Any:
    form = ForgotForm()
    if form.validate_on_submit():
        service.ask_reset(form.email.data or "", _base_url())
        flash(_("If this address has an account, a link is on its way."), "success")
        return see_other("accounts.sign_in")
    return show("accounts/forgot.html", form=form)


@page(bp, "/password/<token>", PUBLIC, methods=("GET", "POST"))
def new_password(token: str) -> Any:
    if people.find_token(token) is None:
        flash(_("This link was used already or has expired. Ask for a new one."), "warning")
        return see_other("accounts.forgot")
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            service.set_password(token, form.password.data or "")
        except Refused as refused:
            flash_refusal(refused)
            return show("accounts/new_password.html", form=form), 422
        flash(_("The password is set. Please sign in."), "success")
        return see_other("accounts.sign_in")
    return show("accounts/new_password.html", form=form)


@page(bp, "/me", SIGNED_IN, methods=("GET", "POST"))
def me() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            epoch = service.change_password(actor(), form.old.data or "", form.password.data or "")
        except Refused as refused:
            flash_refusal(refused)
            return show("accounts/me.html", form=form), 422
        login_user(SignedIn(actor(), epoch))
        flash(_("The password is changed; other sessions have ended."), "success")
        return see_other("accounts.me")
    return show("accounts/me.html", form=form)


@page(bp, "/users", Permission.USERS_MANAGE)
def users() -> Any:
    actions = [
        {"url": "/users/invite", "icon": "plus", "label": _("Invite a user")},
    ]
    return lists.answer(people.USERS, actions=actions)


def _choices(form: UserForm) -> None:
    form.role.choices = [("", _("choose")), *((r.value, ROLES[r.value]) for r in Role)]
    form.distributor_id.choices = [("", "—"), *partners.choices(actor())]


@page(bp, "/users/invite", Permission.USERS_MANAGE, methods=("GET", "POST"))
def invite() -> Any:
    form = InviteForm()
    _choices(form)
    form.locale.choices = list(LANGUAGES.items())
    if form.validate_on_submit():
        try:
            user_id = service.invite_user(
                actor(),
                email=form.email.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                distributor_id=form.distributor_id.data,
                locale=form.locale.data,
                base_url=_base_url(),
            )
        except Refused as refused:
            flash_refusal(refused)
            return show("accounts/user_form.html", form=form, user=None), 422
        flash(_("The invitation is on its way."), "success")
        return see_other("accounts.user", id=user_id)
    return show("accounts/user_form.html", form=form, user=None)


@page(bp, "/users/<int:id>", Permission.USERS_MANAGE, methods=("GET", "POST"))
def user(id: int) -> Any:
    record = people.get_user(id)
    form = UserForm(obj=record)
    _choices(form)
    if form.validate_on_submit():
        try:
            service.save_user(
                actor(),
                id,
                name=form.name.data or "",
                role=Role(form.role.data),
                distributor_id=form.distributor_id.data,
                is_active=bool(form.is_active.data),
            )
        except Refused as refused:
            flash_refusal(refused)
            return see_other("accounts.user", id=id)
        flash(_("Saved."), "success")
        return see_other("accounts.user", id=id)
    entries = audit.history("user_account", id)
    return show("accounts/user_form.html", form=form, user=record, entries=entries)


@page(bp, "/users/<int:id>/invite", Permission.USERS_MANAGE, methods=("POST",))
def invite_again(id: int) -> Any:
    service.resend_invitation(actor(), id, _base_url())
    flash(_("The invitation is on its way."), "success")
    return see_other("accounts.user", id=id)
