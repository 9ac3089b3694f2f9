"""The rules of cash application: read by the house, changed by an administrator."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.queries import audit
from channel.queries import cash as reads
from channel.services import cash as service
from channel.services.work import Stale
from channel.web.forms.cash import RulesForm
from channel.web.forms.refusals import seen_again, show_meanwhile
from channel.web.pages import actor, page, see_other, seen_version, show

bp = Blueprint("cash", __name__)


@page(bp, "/cash/rules", Permission.AUDIT_READ)
def rules() -> Any:
    """What money pays first, what is tolerated, and what late payment costs."""
    return _shown(RulesForm(obj=reads.rules()))


def _shown(form: RulesForm, *, moved: bool = False, status: int = 200) -> Any:
    standing = reads.rules()
    return show(
        "cash/rules.html",
        form=form,
        rules=standing,
        seen=seen_again(standing.row_version, moved=moved),
        may_write=may(actor(), Permission.SETTINGS_MANAGE),
        entries=audit.history("cash_rule", standing.id),
    ), status


@page(bp, "/cash/rules", Permission.SETTINGS_MANAGE, methods=("POST",))
def save_rules() -> Any:
    form = RulesForm()
    if not form.validate():
        return _shown(form, status=422)
    try:
        service.save_rules(actor(), form.facts(), seen_version())
    except Stale:
        show_meanwhile("cash_rule", reads.rules().id)
        return _shown(form, moved=True, status=409)
    flash(_("Saved."), "success")
    return see_other("cash.rules")
