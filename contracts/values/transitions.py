"""One table says which acts are legal in which state and where they lead.

Buttons, use cases and tests read the same table; an act that it does not name is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

State = TypeVar("State", bound=Hashable)
Action = TypeVar("Action", bound=Hashable)


class IllegalTransition(Exception):
    """The act is not legal in this state."""

    def __init__(self, state: Hashable, action: Hashable) -> None:
        super().__init__(f"{action} is not possible in state {state}")
        self.state = state
        self.action = action


@dataclass(frozen=True)
class Transitions(Generic[State, Action]):
    """The table (state, action) → state, in the order in which the acts shall be offered."""

    table: Mapping[tuple[State, Action], State]

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", MappingProxyType(dict(self.table)))

    def next(self, state: State, action: Action) -> State:
        """Where the act leads. IllegalTransition if it is not in the table."""
        try:
            return self.table[state, action]
        except KeyError:
            raise IllegalTransition(state, action) from None

    def allows(self, state: State, action: Action) -> bool:
        """Whether the act is legal in this state."""
        return (state, action) in self.table

    def actions(self, state: State) -> tuple[Action, ...]:
        """The acts that are legal in this state; none in a final one."""
        return tuple(action for at, action in self.table if at == state)
