"""The risk board: every tile opens the list whose total it shows; the pool re-adds its entries."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.rebates import PoolEntry
from channel.queries import board
from channel.services import exceptions
from tests.builders import an_application, an_order
from tests.services.rebate_trade import a_posted_run, an_invoice

pytestmark = pytest.mark.row("P10")


@pytest.fixture
def troubled(world: Any) -> Any:
    """Something overdue, something stopped, something owed, something asked for."""
    an_invoice(world, "D4", date(2026, 8, 5), ("A", "120000"))
    a_posted_run(world)
    an_order(world, "D2", A=700)
    exceptions.request_exception(world.actor("d2"), an_application(world, "D2"))
    return world


def tiles_of(text: str) -> list[tuple[str, list[str]]]:
    """(address, figures) of every tile on the page."""
    found = []
    for address, body in re.findall(r'<a class="tile[^"]*" href="([^"]+)">(.*?)</a>', text, re.S):
        figures = re.findall(r'<div class="figure">(.*?)</div>', body, re.S)
        found.append((html.unescape(address), [f.strip() for f in figures]))
    return found


def test_each_tile_opens_the_list_whose_total_it_shows(troubled: Any, sign_in: Any) -> None:
    boss = sign_in("boss")
    tiles = tiles_of(boss.get("/board").text)
    assert len(tiles) == sum(len(group) for group in board.tiles(date(2026, 11, 21)).values())
    spoken = 0
    for address, figures in tiles:
        page = boss.get(address).text
        foot = page.partition("<tfoot>")[2] or page
        for figure in figures:
            number = figure.lstrip("¥−-")
            if number in ("0", "0.00"):
                continue
            spoken += 1
            where = foot if "." in number else page
            assert number in where or (number == "1" and "1 条" in page), (address, figure)
    assert spoken >= 4, "the troubled world shows in the tiles"


def figures_of(world: Any) -> dict[str, board.Figure]:
    groups = board.figures(world.actor("boss"), date(2026, 11, 21))
    return {figure.tile.key: figure for group in groups.values() for figure in group}


def test_a_tile_moves_with_its_list(troubled: Any) -> None:
    before = figures_of(troubled)
    an_order(troubled, "D2", A=800)
    after = figures_of(troubled)
    moved = after["stopped_orders"].sums["CNY"] - before["stopped_orders"].sums["CNY"]
    assert moved == 8_000_000
    assert after["overdue"].sums == before["overdue"].sums


@pytest.mark.row("P01")
def test_the_board_is_for_the_house(world: Any, sign_in: Any) -> None:
    sign_in("d1").get("/board", status=403)
    for name in ("boss", "cm", "fin", "auditor"):
        sign_in(name).get("/board")


@pytest.mark.row("P05")
def test_the_pool_of_a_date_re_adds_its_entries(troubled: Any, sign_in: Any) -> None:
    total = db.session.scalar(sa.select(sa.func.sum(PoolEntry.amount_fen)))
    fin, owner = sign_in("fin"), troubled.distributor("D4")
    assert f"{total / 100:,.2f}" in fin.get("/rebates/pool").text
    assert "0.00" not in fin.get("/rebates/pool?as_of=2026-08-01").text.partition("<tbody>")[2]
    assert f"{total / 100:,.2f}" in fin.get(f"/rebates/pool/{owner}").text
    sign_in("d1").get(f"/rebates/pool/{owner}", status=404)
    assert f"{total / 100:,.2f}" in sign_in("d4").get(f"/rebates/pool/{owner}").text
    own = sign_in("d1").get(f"/rebates/pool/{troubled.distributor('D1')}")
    assert f"{total / 100:,.2f}" not in own.text
