"""The table of acts, tried as a full product of states and acts."""

from __future__ import annotations

import enum
import itertools

import pytest

from contracts.values.transitions import IllegalTransition, Transitions


class State(enum.Enum):
    DRAFT = "draft"
    PENDING = "pending"
    DONE = "done"


class Action(enum.Enum):
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"


LEGAL = {
    (State.DRAFT, Action.SUBMIT): State.PENDING,
    (State.PENDING, Action.APPROVE): State.DONE,
    (State.PENDING, Action.SEND_BACK): State.DRAFT,
}
TABLE = Transitions(LEGAL)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
def test_every_state_with_every_act(state: State, action: Action) -> None:
    legal = (state, action) in LEGAL
    assert TABLE.allows(state, action) is legal
    assert (action in TABLE.actions(state)) is legal
    if legal:
        assert TABLE.next(state, action) is LEGAL[state, action]
    else:
        with pytest.raises(IllegalTransition) as raised:
            TABLE.next(state, action)
        assert (raised.value.state, raised.value.action) == (state, action)


def test_acts_are_offered_in_the_order_of_the_table() -> None:
    assert TABLE.actions(State.PENDING) == (Action.APPROVE, Action.SEND_BACK)
    assert TABLE.actions(State.DONE) == ()
