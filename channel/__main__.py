"""`python -m channel …`: the command line without naming the application."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from channel.app import create_app
from channel.cli import database
from channel.cli_import import import_command
from channel.demo import commands as demo
from config import Config, WrongSetting


def build() -> Flask:
    return create_app(Config())


def main() -> None:
    """Run one command; a wrong setting is one sentence, not a stack trace."""
    group = FlaskGroup(create_app=build, add_default_commands=False)
    # By its own name, because the migration library brings a group called db, too.
    group.add_command(database)
    group.add_command(demo.commands)
    group.add_command(import_command)
    try:
        group.main(args=sys.argv[1:], prog_name="weir")
    except WrongSetting as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
