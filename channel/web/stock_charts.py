"""The figures of the drawings of stock advice: ages, and the replay against its level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from channel.messages.values import format_number
from channel.queries.stock_advice_levels import Advised


def by_age(labels: Sequence[str], values_fen: Sequence[int], currency: str) -> dict[str, Any]:
    """One bar for each bucket of ages, in whole units of the currency."""
    return {
        "axis": _("age in days"),
        "labels": list(labels),
        "series": [
            {
                "label": _("value as delivered") + f" ({currency})",
                "kind": "bar",
                "values": [round(fen / 100) for fen in values_fen],
            }
        ],
    }


def windows(one: Advised) -> dict[str, Any] | None:
    """What was asked for over each protection interval, and the stock that stood against it."""
    if one.replay is None or not one.replay.windows:
        return None
    shown = one.replay.windows
    return {
        "axis": _("period"),
        "labels": [w.label for w in shown],
        "series": [
            {
                "label": _("demand over %(n)s days", n=format_number(one.replay.days)),
                "kind": "bar",
                "values": [int(w.demand.to_integral_value()) for w in shown],
            },
            {
                "label": _("stock target"),
                "kind": "line",
                "values": [one.replay.target] * len(shown),
            },
        ],
    }
