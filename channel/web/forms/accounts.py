"""Forms about people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import DataRequired, Email, EqualTo, Length

from channel.web.forms.fields import ChoiceField, Form, IdField, TextField


class SignInForm(Form):
    email = EmailField(_l("e-mail"), [DataRequired(), Length(max=254)])
    password = PasswordField(_l("password"), [DataRequired(), Length(max=200)])


class ForgotForm(Form):
    email = EmailField(_l("e-mail"), [DataRequired(), Email(), Length(max=254)])


class NewPasswordForm(Form):
    password = PasswordField(_l("new password"), [DataRequired(), Length(max=200)])
    again = PasswordField(
        _l("new password, again"),
        [DataRequired(), EqualTo("password", _l("The two passwords differ."))],
    )


class ChangePasswordForm(NewPasswordForm):
    old = PasswordField(_l("present password"), [DataRequired(), Length(max=200)])


class UserForm(Form):
    name = TextField(_l("full name"), [DataRequired(), Length(max=100)])
    role = ChoiceField(_l("role"), [DataRequired()])
    distributor_id = IdField(_l("distributor (for its own users)"))
    is_active = BooleanField(_l("may sign in"), default=True)


class InviteForm(UserForm):
    email = EmailField(_l("e-mail"), [DataRequired(), Email(), Length(max=254)])
    locale = ChoiceField(_l("language"), [DataRequired()], default="zh_CN")
