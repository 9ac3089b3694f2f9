"""`bin/weir import`: files from the command line, by the same checks as in the browser.

Prints every finding as a sentence; leaves 1 behind when the file was refused, and then nothing
of it is saved.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import NoReturn

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import SYSTEM, Actor, Forbidden
from channel.db import db
from channel.messages import format_fen, remedy, sentence
from channel.messages.values import format_number
from channel.models.accounts import User
from channel.queries.accounts import actor_of
from channel.services import uploads_commands
from channel.services.steps.importing.outcome import Outcome
from channel.services.steps.importing.planners import PLANNERS
from channel.services.steps.importing.recipe import Join, Recipe
from channel.services.uploads_commands import Order
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping
from contracts.values.findings import Finding, Severity

LOCALES = {"zh": "zh_CN", "en": "en"}
#: Findings printed; the first ones tell what is wrong with the file.
PRINTED_MAX = 100


def _wrong(text: str) -> NoReturn:
    raise click.UsageError(text)


def _pairs(name: str, values: tuple[str, ...]) -> dict[str, str]:
    """FIELD=TEXT, several times."""
    found = {}
    for value in values:
        key, mark, text = value.partition("=")
        if not mark or not key:
            _wrong(f"--{name} wants FIELD=VALUE, not {value!r}")
        found[key.strip()] = text
    return found


def _fields(kind: str, *names: str) -> None:
    known = [field.name for field in KINDS[kind].fields]
    for name in names:
        if name not in known:
            _wrong(f"{kind} have no field {name!r}; their fields are: {', '.join(known)}")


def _join(text: str) -> tuple[Join, Path]:
    """COLUMN=FILE:KEY->TAKEN[,TAKEN…], the code looked up in a second file."""
    on, mark, rest = text.partition("=")
    place, arrow, taken = rest.partition("->")
    file, colon, key = place.rpartition(":")
    if not (mark and arrow and colon and taken):
        _wrong(f"--join wants COLUMN=FILE:KEY->COLUMN[,COLUMN], not {text!r}")
    path = Path(file)
    if not path.is_file():
        _wrong(f"--join: there is no file {file}")
    return Join(on, path.name, key, tuple(taken.split(","))), path


def _translations(values: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """FIELD:WORD=OURS, several times."""
    found: dict[str, dict[str, str]] = {}
    for value in values:
        key, mark, ours = value.partition("=")
        name, colon, word = key.partition(":")
        if not (mark and colon):
            _wrong(f"--translate wants FIELD:WORD=OURS, not {value!r}")
        found.setdefault(name, {})[word] = ours
    return found


def _actor(email: str | None) -> Actor:
    if email is None:
        return SYSTEM
    user = db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    if user is None or not user.is_active:
        _wrong(f"--as: there is no active user {email}")
    return actor_of(user)


def _print(outcome: Outcome) -> None:
    words = {Severity.BLOCK: _("Stop"), Severity.WARN: _("Warning"), Severity.INFO: _("Note")}
    found = sorted(outcome.findings, key=lambda f: -f.severity.rank)
    for finding in found[:PRINTED_MAX]:
        text = " ".join(filter(None, [sentence(finding), remedy(finding)]))
        click.echo(f"{words[finding.severity]} · {_where(finding)}{text}")
    if len(found) > PRINTED_MAX:
        click.echo(_("… and %(n)s more.", n=format_number(len(found) - PRINTED_MAX)))


def _where(finding: Finding) -> str:
    """file[sheet]: where the sentence does not name them itself."""
    file, sheet = finding.facts.get("file", ""), finding.facts.get("sheet", "")
    return f"{file}[{sheet}]: " if sheet else f"{file}: " if file else ""


def _count(outcome: Outcome) -> None:
    plan = outcome.plan
    click.echo(
        _(
            "%(new)s new, %(changed)s changed, %(same)s same (%(rows)s rows)",
            new=format_number(plan.new),
            changed=format_number(plan.changed),
            same=format_number(plan.same),
            rows=format_number(outcome.rows),
        )
    )
    for currency, count, fen in plan.totals:
        click.echo(f"  {currency}  {format_number(count)}  {format_fen(fen, sign=False)}")


@click.command("import")
@click.argument("kind", type=click.Choice(list(PLANNERS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Which column is which.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="One value for all rows.")
@click.option("--currency", help="The same as --set currency=….")
@click.option("--join", "joins", multiple=True, metavar="COLUMN=FILE:KEY->COLUMN[,COLUMN]",
              help="Columns of a second file, found by key.")  # fmt: skip
@click.option("--only", multiple=True, metavar="COLUMN=VALUE[,VALUE]", help="Only these rows.")
@click.option("--filled", multiple=True, metavar="COLUMN", help="Only rows with this column.")
@click.option("--translate", multiple=True, metavar="FIELD:WORD=OURS", help="A word of the file.")
@click.option("--negate", multiple=True, metavar="FIELD", help="Turn the sign round.")
@click.option("--leave-out", multiple=True, metavar="FIELD", help="Do not read this field.")
@click.option("--date-order", "orders", multiple=True, metavar="FIELD=dmy|mdy",
              help="How 05/06/2026 is meant.")  # fmt: skip
@click.option("--sheet", default="", help="The sheet of a workbook.")
@click.option("--as", "email", help="Act as this user; otherwise as the system.")
@click.option("--lang", type=click.Choice(list(LOCALES)), default="en", help="Of the messages.")
@click.option("--dry-run", is_flag=True, help="Check only, save nothing.")
@with_appcontext
def import_command(
    kind: str, file: Path, maps: tuple[str, ...], sets: tuple[str, ...], currency: str | None,
    joins: tuple[str, ...], only: tuple[str, ...], filled: tuple[str, ...],
    translate: tuple[str, ...], negate: tuple[str, ...], leave_out: tuple[str, ...],
    orders: tuple[str, ...], sheet: str, email: str | None, lang: str, dry_run: bool,
) -> None:  # fmt: skip
    """Import FILE (CSV, xlsx, xls, ods) as records of KIND; all of it or nothing."""
    constants = _pairs("set", sets)
    if currency:
        constants["currency"] = currency
    columns = Mapping(
        columns=_pairs("map", maps),
        constants=constants,
        translations=_translations(translate),
        negated=frozenset(negate),
        date_orders=_pairs("date-order", orders),
        left_out=frozenset(leave_out),
    )
    _fields(kind, *columns.columns, *constants, *columns.translations, *negate, *leave_out,
            *columns.date_orders)  # fmt: skip
    pairs = [_join(text) for text in joins]
    wish = Order(
        kind=kind,
        filename=file.name,
        data=file.read_bytes(),
        columns=columns,
        recipe=Recipe(
            sheet=sheet,
            joins=tuple(join for join, _path in pairs),
            only=tuple((c, tuple(v.split(","))) for c, v in _pairs("only", only).items()),
            filled=filled,
        ),
        lookups={path.name: path.read_bytes() for _join_, path in pairs},
    )
    with force_locale(LOCALES[lang]):
        _run(_actor(email), wish, dry_run)


def _run(actor: Actor, wish: Order, dry_run: bool) -> None:
    start = time.monotonic()

    def tell(step: str, done: int, total: int) -> None:
        words = {"read": _("rows read"), "checked": _("rows checked"), "saved": _("rows saved")}
        click.echo(f"{wish.filename}: {format_number(done)} {words[step]}")

    try:
        outcome = uploads_commands.import_file(actor, wish, tell, dry_run=dry_run)
    except Forbidden as refusal:
        raise click.ClickException(
            _("%(name)s may not do that (%(permission)s).",
              name=actor.name, permission=refusal.permission.value)
        ) from None  # fmt: skip
    _print(outcome)
    if outcome.is_refused:
        click.echo(_("Refused: nothing was saved."))
        raise SystemExit(1)
    _count(outcome)
    if dry_run:
        click.echo(_("Checked only: nothing was saved."))
    elif outcome.upload_id is None:
        click.echo(_("Nothing to do: all of it is here already."))
    else:
        seconds = f"{time.monotonic() - start:.1f}"
        click.echo(_("Saved as import %(id)s in %(s)s s.", id=outcome.upload_id, s=seconds))
