"""A measured figure beside the bare engine's, its floor, and the table that is printed."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One row. `unit` is of both figures; a rate («/s») is better when higher.

    `floor` is what stack.md asks in words; `is_met` None where nothing is asked.
    """

    name: str
    backend: str
    ours: float
    unit: str
    bare: float | None = None
    floor: str = ""
    is_met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the bare figure, in the figure's own unit."""
        return self.ours / self.bare if self.bare else None


def at_most(name: str, backend: str, ours: float, bare: float, times: float, **more: Any) -> Result:
    """A duration in seconds that may be so many times the bare one."""
    text = f"≤ {times:g} × bare"
    return Result(name, backend, ours, "s", bare, text, ours <= times * bare, **more)


def race(*acts: Callable[[], Any], repeat: int = 5) -> list[float]:
    """The best time of each act in seconds, run in turns so that a busy machine hits all alike.

    The best and not the median: what others take from the machine can only be added.
    """
    best = [float("inf")] * len(acts)
    for _ in range(repeat + 1):  # the first round fills the caches, and may still win
        for i, act in enumerate(acts):
            started = time.perf_counter()
            act()
            best[i] = min(best[i], time.perf_counter() - started)
    return best


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def peak_mib() -> float:
    """The highest resident memory of this process so far."""
    with open("/proc/self/status") as file:
        text = next(line for line in file if line.startswith("VmHWM"))
    return int(text.split()[1]) / 1024


def forget_peak() -> None:
    """Let the peak begin again at what is resident now, where the kernel allows it."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return


HEADER = ("work", "database", "ours", "bare", "ratio", "floor", "met", "note")


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f} {unit}".replace(" /s", "/s")


def cells(result: Result) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[result.is_met]
    ratio = f"{result.ratio:.2f}" if result.ratio is not None else ""
    return (
        result.name, result.backend, _figure(result.ours, result.unit),
        _figure(result.bare, result.unit), ratio, result.floor, met, result.note,
    )  # fmt: skip


def table(results: Sequence[Result]) -> str:
    """A Markdown table that is also easy to read in a terminal."""
    rows = [HEADER, *(cells(result) for result in results)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    parts = [text + " " * (w - _width(text)) for text, w in zip(row, widths, strict=True)]
    return "| " + " | ".join(parts) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
