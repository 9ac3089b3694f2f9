"""Words of the collection figures: their names, what each means, and why one cannot be computed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from credit.collection_figures import (
    NEGATIVE,
    NO_SALES,
    NOTHING_DUE,
    NOTHING_PAID,
    OLDER,
    UNSOLD,
    Figure,
)

REASONS: dict[str, Any] = {
    NO_SALES: _l("no sales in the window"),
    NEGATIVE: _l("the balance is negative"),
    OLDER: _l("the balance is older than all sales known"),
    UNSOLD: _l("something open has no sales in its month"),
    NOTHING_DUE: _l("there was nothing to collect"),
    NOTHING_PAID: _l("nothing was paid"),
}

#: Key of a figure → (name, what it is).
FIGURES: dict[str, tuple[Any, Any]] = {
    "dso": (
        _l("DSO"),
        _l("Balance ÷ sales of the window × its days. It falls when sales rise, although nothing "
           "was collected faster: read it with the others."),
    ),
    "count_back": (
        _l("count-back DSO"),
        _l("Days of the newest sales that the balance eats up, month by month backwards; a month "
           "that is larger than the rest counts for its part."),
    ),
    "true_dso": (
        _l("true DSO"),
        _l("Each open invoice's age × amount ÷ the sales of its month, summed."),
    ),
    "best": (
        _l("best possible DSO"),
        _l("What is not due yet ÷ sales of the window × its days: the DSO if nothing were late."),
    ),
    "cei": (
        _l("CEI %"),
        _l("(Balance before the month + sales of the month − balance) ÷ (balance before + sales − "
           "what is not due yet) × 100: the share of what could be collected that was."),
    ),
    "days_late": (
        _l("days late"),
        _l("Payments of the window, days from the day to pay by to the payment, weighted by "
           "amount; early payments are below 0. Instalments count by their own day."),
    ),
}  # fmt: skip


def reason_words(found: dict[str, Figure]) -> str:
    """Which of the figures cannot be computed and why, as one line."""
    missing = [(FIGURES[key][0], REASONS[f.reason]) for key, f in found.items() if f.reason]
    by_reason: dict[str, list[str]] = {}
    for name, reason in missing:
        by_reason.setdefault(str(reason), []).append(str(name))
    return str(_("; ").join(
        f"{_(', ').join(names)}{_(':')} {reason}" for reason, names in by_reason.items()
    ))  # fmt: skip
