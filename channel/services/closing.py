"""Months are closed, so that nothing in them changes any more, and reopened with a reason."""

from __future__ import annotations

from typing import Any

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.closing import Closing
from channel.queries import closing as reads
from channel.queries.credit_recount import differences
from channel.rules.closing import check_close, check_reopen
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block
from contracts.values.periods import Period


def close_month(actor: Actor, month: Period, seen_version: int | None = None) -> None:
    """Lock every day up to the end of the month; refused while balances and entries differ."""
    with work(actor, Permission.CLOSING_WRITE) as w:
        closing = _locked(w, seen_version)
        if findings := check_close(month, closing.open_from, w.today):
            raise Refused(findings)
        if stopping := [f for f in reads.checklist(month, len(differences())) if f.is_blocking]:
            raise Refused(stopping)
        _move(w, closing, month.end, "close", month)


def reopen_month(actor: Actor, month: Period, reason: str, seen_version: int | None = None) -> None:
    """Open the month and all later ones again; the reason stays in the audit trail."""
    with work(actor, Permission.CLOSING_REOPEN) as w:
        closing = _locked(w, seen_version)
        if not reason.strip():
            raise Refused([block("closing.reason_needed")])
        if findings := check_reopen(month, closing.open_from):
            raise Refused(findings)
        _move(w, closing, month.start, "reopen", month, reason.strip())


def _locked(w: Work, seen_version: int | None) -> Closing:
    """The one row, against whoever posts at this moment."""
    [closing] = lock(Closing, [1])
    assert_seen(closing, seen_version)
    return closing  # type: ignore[no-any-return]


def _move(
    w: Work, closing: Closing, open_from: Any, act: str, month: Period, reason: str = ""
) -> None:
    old, closing.open_from = closing.open_from, open_from
    w.audit(
        f"closing:{act}",
        closing,
        label=month.label,
        reason=reason,
        changes={"open_from": (old, open_from)},
    )
