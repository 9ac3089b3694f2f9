"""`demo load` and `demo logins`: the demo world from the command line."""

from __future__ import annotations

from datetime import date

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from channel import clock
from channel.db import db
from channel.demo.cast import PASSWORD, USERS
from channel.demo.history import History
from channel.demo.world import build_world, email_of
from channel.models.partners import Distributor
from channel.services import credit_control

commands = AppGroup("demo", help="The demo world.")


def year_of(today: date) -> tuple[date, date]:
    """The demo's agreements: this year's, or from last year's on while the year is young."""
    first = date(today.year if today.month > 3 else today.year - 1, 1, 1)
    return first, date(today.year + 1, 1, 1)


@commands.command("load")
def load() -> None:
    """Load the demo world once; a house with distributors is left alone."""
    if db.session.scalar(sa.select(Distributor.id).limit(1)) is not None:
        click.echo("demo: already there")
        return
    today = clock.today()
    start, end = year_of(today)
    with clock.at(clock.instant_of(start, 8)):
        world = build_world(start, end)
    History(world, start, today).play()
    credit_control.count_now(world.actor("fin"))
    click.echo("demo: loaded")


@commands.command("logins")
def logins() -> None:
    """Print who can sign in to the demo world."""
    click.echo(f"  {'e-mail':28} {'role':18} password: {PASSWORD}")
    for name, (person, role, code) in USERS.items():
        click.echo(f"  {email_of(name):28} {role.value:18} {person} {code or ''}".rstrip())
