"""Numbers without gaps, also when two people open the series of a year at once."""

from __future__ import annotations

import contextlib
import threading

import pytest

from channel.access import SYSTEM
from channel.db import db
from channel.services.work import Work, work

pytestmark = pytest.mark.database


def test_two_who_open_a_series_at_once_draw_two_numbers(world, monkeypatch):
    met, drawn = threading.Barrier(2, timeout=5), []
    real = Work.number

    def meet(self, series):
        """Both look before either has opened the series, where the database lets them."""
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(timeout=1)
        return real(self, series)

    def draw():
        with world.app.app_context():
            with work(SYSTEM) as w:
                drawn.append(w.number("XX-2026"))
            db.session.remove()

    monkeypatch.setattr(Work, "number", meet)
    threads = [threading.Thread(target=draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(drawn) == [1, 2]
