"""The command line: database, demo world, imports and the worker."""

from __future__ import annotations

import signal
import time
from types import FrameType

import click
import structlog
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import upgrade

from channel.services import jobs, setup

database = AppGroup("db", help="The database.")


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to the present shape and load the reference data once."""
    upgrade()
    setup.load_reference()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what waits, then stop.")
def worker(once: bool) -> None:
    """Do long work and send mails until told to stop."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    if not once:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    log = structlog.get_logger()
    while not stopping:
        try:
            worked = jobs.run_round()
        except Exception:
            # The database may be away for a moment; the next round asks again.
            log.exception("worker_round_failed")
            worked = False
        if once and not worked:
            return
        if not worked:
            time.sleep(1)


def init_app(app: Flask) -> None:
    """Offer the commands; `channel.__main__` adds the database group by its own name."""
    app.cli.add_command(worker)
