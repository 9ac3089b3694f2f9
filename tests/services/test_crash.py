"""Killed anywhere while posting and started again: nothing is lost and nothing is doubled."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.orders import Order
from channel.models.receivables import Invoice, Receipt
from channel.queries.credit_recount import differences
from tests import databases
from tests.conftest import make_app

ROOT = Path(__file__).parents[2]
DOCUMENTS = 12


def start(url: str, folder: Path) -> subprocess.Popen[str]:
    arguments = ["-m", "tests.services.crash_worker", url, str(folder), str(DOCUMENTS)]
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def kill_in_the_middle(url: str, folder: Path, dice: random.Random) -> None:
    """Let it post a document or two, and kill it at a moment that nobody chose."""
    worker = start(url, folder)
    assert worker.stdout is not None
    for _document in range(dice.randint(1, 2)):
        worker.stdout.readline()
    time.sleep(dice.uniform(0, 0.15))
    worker.kill()
    worker.communicate()


@pytest.mark.database
@pytest.mark.row("B12")
def test_killed_at_random_and_run_again_every_document_stands_once(backend, var_dir, tmp_path):
    dice = random.Random(20261120)
    with databases.fresh(backend, "world", var_dir, tmp_path) as url:
        for _time in range(4):
            kill_in_the_middle(url, tmp_path, dice)
        last = start(url, tmp_path)
        said, _nothing = last.communicate(timeout=300)
        assert last.returncode == 0
        assert said.split() == [str(n) for n in range(DOCUMENTS)]
        with make_app(tmp_path, url).app_context():
            keys = {f"crash-{n}" for n in range(DOCUMENTS)}
            assert sorted(db.session.scalars(sa.select(Order.external_key))) == sorted(keys)
            assert sorted(db.session.scalars(sa.select(Receipt.external_key))) == sorted(keys)
            invoices = db.session.scalars(sa.select(Invoice.gross_fen).order_by(Invoice.gross_fen))
            assert list(invoices) == [(100 + n) * 10_000 for n in range(DOCUMENTS)]
            assert differences() == []
            db.session.remove()
            db.engine.dispose()
