"""State machines over a whole house: each life on a database of its own, with the world in it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from channel import clock
from channel.db import db
from channel.demo.world import World
from tests import databases
from tests.conftest import make_app


class HouseMachine(RuleBasedStateMachine):
    """A house on the day `start`; `run` says where its databases live."""

    backend: str
    var: Path
    start: date
    numbers = count()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.var / f"machine-{next(self.numbers)}"
        folder.mkdir()
        url = self.stack.enter_context(databases.fresh(self.backend, "world", self.var, folder))
        self.clock = self.stack.enter_context(ExitStack())
        self.turn_to(self.start)
        self.stack.enter_context(make_app(self.var, url).app_context())
        self.stack.callback(db.engine.dispose)
        self.stack.callback(db.session.remove)
        self.world = World.load()

    def turn_to(self, day: date) -> None:
        """From now on it is this day."""
        self.clock.close()
        self.clock.enter_context(clock.at(day))

    def teardown(self) -> None:
        self.stack.close()


def run(machine: type[HouseMachine], backend: str, var_dir: Path, folder: Path, steps: int) -> None:
    """Some lives of so many steps at most; databases are made in the folder."""
    databases._template(backend, "world", var_dir)  # built once, copied for each life
    run_state_machine_as_test(
        type("Machine", (machine,), {"backend": backend, "var": folder}),
        settings=settings(
            max_examples=6,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
