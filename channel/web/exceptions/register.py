"""The register of exceptions, and the board of what they cost and brought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.messages.coded import EXCEPTION_TYPES
from channel.messages.exceptions import OUTCOMES
from channel.queries import exceptions as reads
from channel.queries import exceptions_board as board_reads
from channel.tabular.writing import Column, write_csv, write_xlsx
from channel.web import lists
from channel.web.exceptions.blueprint import bp, tabs
from channel.web.forms.exceptions import BoardForm
from channel.web.pages import actor, download, page, show


@page(bp, "/exceptions", Permission.EXCEPTIONS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.EXCEPTIONS_REQUEST):
        actions.append({"url": url_for("exceptions.choose"), "icon": "plus", "label": _("Apply")})
    here = "ending" if request.args.get("ends_from") else "index"
    return lists.answer(
        reads.REGISTER,
        actions=actions,
        tabs=tabs(here),
        subtitle=_("%(n)s approved exceptions end within 30 days.", n=reads.ending_soon(actor())),
    )


def _word(view: str, group: board_reads.Group) -> str:
    """The name of a group in the reader's language."""
    if view == "type":
        return str(EXCEPTION_TYPES.get(group.key, group.key))
    if view == "outcome":
        return str(OUTCOMES.get(group.key, _("not reviewed yet")))
    return group.label or _("nobody yet") if view == "approver" else group.label or _("no place")


def _headings() -> list[tuple[str, str]]:
    return [
        ("count", _("requests")),
        ("size_fen", _("value asked for")),
        ("used_fen", _("value used")),
        ("share", _("share of sales in percent")),
        ("cost_fen", _("cost that is known")),
        ("brought_fen", _("sales brought")),
        ("margin_fen", _("margin brought")),
    ]


@page(bp, "/exceptions/board", Permission.EXCEPTIONS_READ)
def board() -> Any:
    """What exceptions cost and brought, by kind, approver, distributor, territory and outcome."""
    if actor().is_distributor:
        raise NotVisible
    view = request.args.get("by", "type")
    view = view if view in board_reads.VIEWS else "type"
    form = BoardForm(request.args, meta={"csrf": False})
    form.validate()
    found = board_reads.boards(actor(), view, form.first.data, form.last.data)
    kind = request.args.get("format", "")
    if kind in ("csv", "xlsx"):
        return _export(found, view, kind)
    return show(
        "exceptions/board.html",
        boards=found,
        view=view,
        form=form,
        word=_word,
        headings=_headings(),
        tabs=tabs("board"),
        views=[
            ("type", _("by kind")),
            ("approver", _("by approver")),
            ("distributor", _("by distributor")),
            ("territory", _("by territory")),
            ("outcome", _("by outcome")),
        ],
    )


def _export(found: list[board_reads.Board], view: str, kind: str) -> Any:
    """The groups with their sum, per currency, as on the screen."""
    types = ("integer", "money", "money", "number", "money", "money", "money")
    columns = [Column(_("group"), "text"), Column(_("currency"), "text")]
    columns += [
        Column(label, known)  # type: ignore[arg-type]
        for (_key, label), known in zip(_headings(), types, strict=True)
    ]

    def row(label: str, currency: str, group: board_reads.Group) -> list[Any]:
        money = [group.cost_fen, group.brought_fen, group.margin_fen]
        return [
            label,
            currency,
            group.count,
            Decimal(group.size_fen) / 100,
            Decimal(group.used_fen) / 100,
            group.share,
            *(Decimal(fen) / 100 for fen in money),
        ]

    rows = []
    for one in found:
        rows += [row(_word(view, g), one.currency, g) for g in one.groups]
        rows.append(row(_("Total"), one.currency, one.total))
    write, mimetype = (write_csv, "text/csv") if kind == "csv" else (write_xlsx, lists.XLSX)
    name = f"exceptions-{view}-{clock.today():%Y%m%d}.{kind}"
    return download(write(columns, rows, None), name, mimetype)
