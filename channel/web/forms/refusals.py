"""A use case's refusal shown where it belongs: at the field that must be mended.

And the other way of being too late: somebody else saved first. What was typed stays typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, request
from flask_babel import gettext as _

from channel.messages import remedy, sentence
from channel.queries import audit
from channel.services.work import Refused
from channel.web.forms.fields import Form
from channel.web.pages import flash_refusal


def show_refusal(form: Form, refused: Refused, places: Mapping[str, str]) -> None:
    """Hang each finding on the field that `places` names for its code; the rest are flashed.

    A key that ends in a full stop stands for all codes that begin with it.
    """
    rest = []
    for finding in refused.findings:
        name = places.get(finding.code) or places.get(f"{finding.family}.")
        field = form._fields.get(name or "")
        if field is None:
            rest.append(finding)
        else:
            text = " ".join(filter(None, [sentence(finding), remedy(finding)]))
            field.errors = [*field.errors, text]
    if rest:
        flash_refusal(Refused(rest))


def seen_again(row_version: int, *, moved: bool) -> str:
    """The version that a form shown again was written against.

    What the page first showed, so that a slip in one field does not take over what somebody
    else saved; the present one once the reader was told of that.
    """
    return str(row_version) if moved else request.form.get("seen_version", str(row_version))


def show_meanwhile(kind: str, record_id: int) -> None:
    """Say who changed the record since the form was opened, and what, above the kept form."""
    lines = audit.history(kind, record_id)
    said = [line for line in lines[:1] if line.changes]
    flash(
        _(
            "%(who)s changed this record since you opened it: %(changes)s. What you typed is "
            "still here: compare the two, then save again.",
            who=said[0].actor_name if said else _("Somebody"),
            changes=_("; ").join(said[0].changes) if said else _("see its history"),
        ),
        "warning",
    )
