"""A dispute from the day it is raised to the day on which what was wrong is put right."""

from __future__ import annotations

import enum

from contracts.values.transitions import Transitions


class State(enum.StrEnum):
    #: The house has to answer.
    CONTESTED = "contested"
    #: The distributor was right; a document or the next run still has to say so.
    TO_CORRECT = "to_correct"
    CLOSED = "closed"


class Action(enum.StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


WORKFLOW: Transitions[State, Action] = Transitions(
    {
        (State.CONTESTED, Action.ACCEPT): State.TO_CORRECT,
        (State.CONTESTED, Action.REJECT): State.CLOSED,
        (State.CONTESTED, Action.WITHDRAW): State.CLOSED,
        (State.TO_CORRECT, Action.CORRECT): State.CLOSED,
    }
)

#: The outcomes by which something has to be put right.
RIGHT = ("upheld", "partly")


def state_of(outcome: str, *, of_statement: bool, is_corrected: bool) -> State:
    """Where a dispute stands, from what is stored; one of an invoice ends with its answer."""
    if not outcome:
        return State.CONTESTED
    if of_statement and outcome in RIGHT and not is_corrected:
        return State.TO_CORRECT
    return State.CLOSED


def frees_at_once(action: Action, difference_fen: int) -> bool:
    """Whether the answer ends the hold.

    What turned out to be too much stays held until it is taken back; where more is due, or
    nothing was wrong, nothing of the pool is in question any longer.
    """
    return action is not Action.ACCEPT or difference_fen >= 0
