"""The command line: database, demo world, imports and the worker."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from channel.checker import files as statement_files
from channel.checker import recount, words
from channel.services import accounts, jobs, setup
from channel.services.work import Refused

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


@click.command("admin")
@click.argument("email")
@click.argument("name")
def first_admin(email: str, name: str) -> None:
    """Open an administrator's account and print the link to choose its password."""
    settings = current_app.config["WEIR"]
    try:
        with current_app.test_request_context():
            link = accounts.open_administrator(email, name, settings.base_url)
    except Refused as refused:
        for finding in refused.findings:
            click.echo(f"{finding.code}: {dict(finding.facts)}", err=True)
        raise SystemExit(1) from None
    click.echo(link)


@click.command("verify-statement")
@click.argument("file", type=click.File("rb"))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language.")
def verify_statement(file: BinaryIO, lang: str) -> None:
    """Add a rebate statement up again: its JSON, its PDF, or the ZIP of a batch.

    Ends with 0 when every figure holds, 1 when one does not, 2 when there is nothing to read.
    """
    try:
        found = list(statement_files.statements_in(Path(file.name).name, file.read()))
    except statement_files.NoStatement as error:
        click.echo(words.not_read(error.code, lang), err=True)
        raise SystemExit(2) from None
    failed = 0
    for name, parsed in found:
        verdict = recount.check(parsed)
        failed += not verdict.holds
        for line in words.report(name, verdict, lang):
            click.echo(line)
    if len(found) > 1:
        click.echo(words.summary(len(found), failed, lang))
    if failed:
        raise SystemExit(1)


def init_app(app: Flask) -> None:
    """Offer the commands; `channel.__main__` adds the database group by its own name."""
    app.cli.add_command(worker)
    app.cli.add_command(first_admin)
    app.cli.add_command(verify_statement)
