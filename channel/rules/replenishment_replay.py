"""A level tried on the history that it came from: how often, and how much of it, it would have met.

Every period opens a window as long as the protection interval, across which its sales and those
of the following ones are spread evenly; windows that touch a period without stock do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from channel.rules.demand import Observation
from contracts.values.money import round_half_up


@dataclass(frozen=True, slots=True)
class Window:
    """What was asked for from the first day of a period on, over the protection interval."""

    label: str
    demand: Decimal
    served: Decimal
    #: It reaches into a period that ended without stock: shown, not counted.
    is_left_out: bool = False

    @property
    def is_met(self) -> bool:
        return self.served == self.demand


@dataclass(frozen=True, slots=True)
class Replay:
    """How a level would have done; shares in percent, None without a window that counts."""

    days: Decimal
    target: int
    windows: tuple[Window, ...]

    @property
    def counted(self) -> tuple[Window, ...]:
        return tuple(one for one in self.windows if not one.is_left_out)

    @property
    def met(self) -> int:
        return sum(1 for one in self.counted if one.is_met)

    @property
    def cycle_service(self) -> Decimal | None:
        """Share of windows without a shortage."""
        return _percent(Decimal(self.met), Decimal(len(self.counted)))

    @property
    def fill_rate(self) -> Decimal | None:
        """Share of units that stock was there for; nothing asked for gives no rate."""
        asked = sum((one.demand for one in self.counted), Decimal(0))
        return _percent(sum((one.served for one in self.counted), Decimal(0)), asked)


def replay(history: Sequence[Observation], days: Decimal, target: int) -> Replay:
    """Each window against the stock that an order fills up to; `days` is the interval."""
    windows = []
    for start in range(len(history)):
        found = _window(history[start:], days, target)
        if found is not None:
            windows.append(found)
    return Replay(days, target, tuple(windows))


def _window(rest: Sequence[Observation], days: Decimal, target: int) -> Window | None:
    """The window that opens with the first of these periods; None where they are too short."""
    left, demand, is_left_out = days, Decimal(0), False
    for one in rest:
        part = min(left, Decimal(one.days))
        demand += one.demand * part / one.days
        is_left_out = is_left_out or one.is_out
        left -= part
        if left <= 0:
            demand = demand.quantize(Decimal("1e-9")).normalize()
            return Window(rest[0].label, demand, min(demand, Decimal(target)), is_left_out)
    return None


def _percent(part: Decimal, all_of_it: Decimal) -> Decimal | None:
    return round_half_up(part * 100 / all_of_it, 1) if all_of_it else None
