"""States and clocks of incidents (A10), and unauthorised promotions (A09)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from channel.rules.incidents import (
    WORKFLOW,
    Action,
    Filed,
    State,
    check_promotion,
    due_at,
    is_overdue,
)
from contracts.values.transitions import IllegalTransition

FILED = Filed("PA-1", date(2026, 11, 1), date(2026, 11, 15))
NINE = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@pytest.mark.row("A09")
@pytest.mark.parametrize(
    ("stated", "filed", "on", "codes"),
    [
        ("", None, date(2026, 11, 5), ["promotion.no_number"]),
        ("  ", FILED, date(2026, 11, 5), ["promotion.no_number"]),
        ("PA-9", None, date(2026, 11, 5), ["promotion.number_unknown"]),
        ("PA-1", FILED, date(2026, 10, 31), ["promotion.outside_dates"]),
        ("PA-1", FILED, date(2026, 11, 1), []),
        ("PA-1", FILED, date(2026, 11, 15), []),
        ("PA-1", FILED, date(2026, 11, 16), ["promotion.outside_dates"]),
    ],
)
def test_a_promotion_is_evidence_with_its_number_inside_its_days(stated, filed, on, codes):
    assert [f.code for f in check_promotion(stated, filed, on)] == codes


@pytest.mark.row("A10")
def test_the_clock_runs_out_after_the_last_instant():
    due = due_at(NINE, 24)
    assert not is_overdue(due, None, due)
    assert is_overdue(due, None, due + timedelta(seconds=1))
    assert not is_overdue(due, NINE, due + timedelta(days=9))
    assert not is_overdue(None, None, due)


def test_every_state_can_be_closed_once():
    for state in State:
        if state is State.CLOSED:
            assert WORKFLOW.actions(state) == ()
            with pytest.raises(IllegalTransition):
                WORKFLOW.next(state, Action.CLOSE)
        else:
            assert WORKFLOW.next(state, Action.CLOSE) is State.CLOSED
    with pytest.raises(IllegalTransition):
        WORKFLOW.next(State.OPEN, Action.ANSWER)
