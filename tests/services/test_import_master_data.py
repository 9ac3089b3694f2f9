"""Distributors, goods, prices, limits, places and days by file, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import Forbidden
from channel.db import db
from channel.messages.acts import ACTS
from channel.messages.uploads import KIND_NAMES
from channel.models.audit import AuditEntry
from channel.models.catalogue import PriceBook, PriceEntry, Product, ProductGroup, WorkingDay
from channel.models.credit import CreditLimit
from channel.models.partners import Distributor, ShipTo
from channel.models.territories import Division
from channel.queries import audit, catalogue, territories
from channel.services import credit, prices
from channel.services.steps.importing.planners import PLANNERS
from channel.services.uploads_commands import Order, import_file
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping
from tests.services.import_files import all_rows, counts, imported, one, refused, told

pytestmark = pytest.mark.database

FIRMS = "经销商编码,经销商名称,主体类型,统一社会信用代码,行政区划代码,电话\n"
GOODS = "产品编码,产品名称,产品组,单位,箱规,增值税税率\n"
PRICES = "产品编码,经销价（含税）,生效日期,价目表,币种\n"


@pytest.mark.row("P09")
def test_distributors_are_opened_changed_or_the_same(world: Any) -> None:
    text = FIRMS + (
        "D8,新津商贸,公司,91510100MA0000001L,510100,02880001\n"
        "D1,内江蜀味商贸有限公司,公司,,,13900009000\n"
        "D2,隆昌川味经营部,,,,\n"
    )
    outcome = imported("distributors", text, world.actor("admin"))
    assert counts(outcome) == (1, 1, 1)
    new = one(sa.select(Distributor).where(Distributor.code == "D8"))
    assert (new.kind, new.currency, new.external_key) == ("company", "CNY", "D8")
    known = one(sa.select(Distributor).where(Distributor.code == "D1"))
    # A blank cell says nothing: code and division stand as they were.
    assert (known.phone, known.uscc, known.division_code) == (
        "13900009000", "91511000MA0000000Q", "511000"
    )  # fmt: skip
    assert known.row_version == 2
    line = audit.history("distributor", known.id)[0]
    assert (line.reason, line.actor_name) == ("file.csv", "安迪")
    assert "13800008000" in line.changes[0]
    assert "13900009000" in line.changes[0]
    assert counts(imported("distributors", text)) == (0, 0, 3)


@pytest.mark.row("P09", "I12")
def test_a_credit_code_belongs_to_one_firm(world: Any) -> None:
    before = all_rows()
    text = FIRMS + "D8,甲,公司,91511000MA0000000Q,,\nD9,乙,公司,91511000MA0000000A,,\n"
    outcome = imported("distributors", text)
    assert ("cell.uscc_check", 3) in refused(outcome)
    assert refused(imported("distributors", text.splitlines()[0] + "\n" + text.splitlines()[1])
                   ) == [("import.uscc_taken", 2)]  # fmt: skip
    assert all_rows() == before
    without = imported("distributors", FIRMS + "D8,甲,公司,,,\nD9,乙,境外,,,\n")
    assert [(f.code, f.facts["count"]) for f in without.findings] == [("import.uscc_missing", 1)]


@pytest.mark.row("P09", "I12")
def test_licences_that_end_are_counted_when_a_file_comes(world: Any) -> None:
    head = "经销商编码,经销商名称,主体类型,营业执照有效期至\n"
    days = {"D7": "2026-12-21", "D8": "2026-12-22", "D9": "2026-11-01"}
    text = head + "".join(f"{code},甲{code},境外,{day}\n" for code, day in days.items())
    outcome = imported("distributors", text)
    assert [(f.code, f.facts["count"]) for f in outcome.findings] == [("import.licences_ending", 2)]


def test_an_unknown_division_stops_the_file(world: Any) -> None:
    outcome = imported("distributors", FIRMS + "D8,甲,境外,,999999,\n")
    assert refused(outcome) == [("cell.unknown_code", 2)]


@pytest.mark.row("P09")
def test_ship_to_places_by_name(world: Any) -> None:
    head = "经销商编码,收货地名称,收货地区划代码,详细地址\n"
    text = head + "D1,市中区仓库,511002,新街 1 号\nD1,二库,511011,\n"
    assert counts(imported("ship_tos", text)) == (1, 1, 0)
    places = db.session.scalars(
        sa.select(ShipTo).where(ShipTo.distributor_id == world.distributor("D1"))
    ).all()
    assert {(p.name, p.division_code, p.address, p.is_active) for p in places} == {
        ("市中区仓库", "511002", "新街 1 号", True), ("二库", "511011", "", True)
    }  # fmt: skip
    assert counts(imported("ship_tos", text)) == (0, 0, 2)


@pytest.mark.row("P09")
def test_products_find_their_group_and_their_vat_class(world: Any) -> None:
    text = GOODS + "T,沱茶,茶叶,盒,24,9%\nA,豆瓣酱,酱类,箱,1,13%\nB,火锅底料,HOTPOT,袋,10,13%\n"
    outcome = imported("products", text)
    assert counts(outcome) == (1, 1, 1)
    assert told(outcome) == {"import.new_groups"}
    tea = one(sa.select(Product).where(Product.code == "T"))
    assert (tea.vat_class, tea.units_per_case, tea.is_active) == ("reduced", 24, True)
    assert one(sa.select(ProductGroup.name).where(ProductGroup.id == tea.group_id)) == "茶叶"
    assert one(sa.select(Product.unit).where(Product.code == "B")) == "袋"
    assert counts(imported("products", text)) == (0, 0, 3)
    assert refused(imported("products", GOODS + "U,某物,茶叶,盒,1,31%\n")) == [
        ("import.no_vat_class", 2)
    ]


def test_a_product_may_move_to_a_group_that_the_file_opens(world: Any) -> None:
    assert counts(imported("products", "产品编码,产品名称,产品组\nA,豆瓣酱,佐料\n")) == (0, 1, 0)
    moved = one(sa.select(Product).where(Product.code == "A"))
    assert one(sa.select(ProductGroup.code).where(ProductGroup.id == moved.group_id)) == "佐料"


@pytest.mark.row("P09")
def test_groups_and_vat_rates(world: Any) -> None:
    groups = "产品组编码,产品组名称\nTEA,茶叶\nSAUCE,酱料\nNEW,新品\n"
    assert counts(imported("product_groups", groups)) == (1, 1, 1)
    rates = "税率类别,税率,生效日期\nstandard,13%,2019-04-01\nluxury,20%,2026-01-01\n"
    assert counts(imported("vat_rates", rates)) == (1, 0, 1)
    assert catalogue.vat_rate_bp("luxury", date(2026, 11, 21)) == 2000
    assert refused(imported("vat_rates", rates.replace("13%", "12%"))) == [("import.vat_stands", 2)]


@pytest.mark.row("P09", "C04")
def test_prices_are_proposals_until_a_second_person_approves(world: Any) -> None:
    text = PRICES + "A,105.00,2027-01-01,STD,CNY\nB,210.50,2027-01-01,STD,CNY\n"
    assert counts(imported("prices", text, world.actor("cm"))) == (2, 0, 0)
    assert catalogue.price_entries("STD", [world.product("A")], date(2027, 1, 2))[0].gross_fen == (
        10_000
    )
    changed = imported("prices", text.replace("105.00", "106.00"), world.actor("cm"))
    assert counts(changed) == (0, 1, 1)
    book = one(sa.select(PriceBook))
    waiting = {e.id for e in catalogue.proposals(book.id)}
    assert prices.approve_prices(world.actor("cm2"), book.id, waiting) == 2
    assert catalogue.price_entries("STD", [world.product("A")], date(2027, 1, 2))[0].gross_fen == (
        10_600
    )
    assert refused(imported("prices", text)) == [("import.price_stands", 2)]


@pytest.mark.row("P09", "C01")
def test_a_history_of_prices_keeps_its_ends(world: Any) -> None:
    head = PRICES.rstrip() + ",有效期至\n"
    text = head + "A,90,2024-01-01,OLD,CNY,2024-06-30\nA,95,2024-09-01,OLD,CNY,\n"
    assert counts(imported("prices", text, world.actor("cm"))) == (2, 0, 0)
    book = one(sa.select(PriceBook).where(PriceBook.code == "OLD"))
    prices.approve_prices(world.actor("cm2"), book.id, {e.id for e in catalogue.proposals(book.id)})

    def price(on: date) -> list[int]:
        return [e.gross_fen for e in catalogue.price_entries("OLD", [world.product("A")], on)]

    # The last day counts, then there is a gap, then the new price.
    assert price(date(2024, 6, 30)) == [9_000]
    assert price(date(2024, 7, 1)) == []
    assert price(date(2024, 9, 1)) == [9_500]


@pytest.mark.row("P09")
def test_a_new_price_book_is_opened_in_its_own_currency(world: Any) -> None:
    text = PRICES + "A,12.3456,2026-01-01,US,USD\nB,7,2026-01-01,US,USD\n"
    assert refused(imported("prices", text)) == [("import.price_fraction", 2)]
    net = imported("prices", text, includes_vat="no")
    assert told(net) == {"import.new_books", "import.prices_with_vat"}
    stored = dict(
        db.session.execute(
            sa.select(Product.code, PriceEntry.gross_fen)
            .join(Product, Product.id == PriceEntry.product_id)
            .join(PriceBook, PriceBook.id == PriceEntry.book_id)
            .where(PriceBook.code == "US")
        ).all()
    )
    # 12.3456 × 1.13 = 13.950528 and 7 × 1.13 = 7.91.
    assert stored == {"A": 1_395, "B": 791}
    assert refused(imported("prices", PRICES + "A,1,2026-02-01,US,CNY\n")) == [
        ("import.book_currency", 2)
    ]
    two_books = "产品编码,经销价（含税）,生效日期\nA,1,2026-02-01\n"
    assert refused(imported("prices", two_books)) == [("import.book_needed", 2)]


@pytest.mark.row("P09")
def test_limits_wait_for_a_second_person(world: Any) -> None:
    text = "经销商编码,信用额度,币种,生效日期\nD1,250000,CNY,2027-01-01\nD2,50000,CNY,2026-01-01\n"
    assert counts(imported("credit_limits", text, world.actor("fin"))) == (1, 0, 1)
    limit = one(sa.select(CreditLimit).where(CreditLimit.valid_from == date(2027, 1, 1)))
    assert (limit.amount_fen, limit.approved_at) == (25_000_000, None)
    assert credit.sign_limit(world.actor("boss"), limit.id), "an import needs one desk"
    assert refused(imported("credit_limits", text.replace("250000", "1"))) == [
        ("import.limit_stands", 2)
    ]


@pytest.mark.row("P09")
def test_divisions_and_working_days(world: Any) -> None:
    text = (
        "区划代码,名称,级别,上级代码,生效日期,失效日期\n"
        "511084,新县,县级,511000,2027-01-01,\n511083,隆昌市,县级,511000,2017-06-01,2027-01-01\n"
    )
    since = one(sa.select(Division.valid_from).where(Division.code == "511083"))
    text = text.replace("2017-06-01", since.isoformat())
    assert counts(imported("divisions", text, world.actor("admin"))) == (1, 1, 0)
    assert territories.is_known("511084", date(2027, 1, 1))
    assert not territories.is_known("511083", date(2027, 1, 1))
    assert territories.is_known("511083", date(2026, 12, 31))
    days = "日期,是否上班,名称,状态\n2029-10-01,否,国庆节,预测\n2026-10-10,是,补班,官方\n"
    assert counts(imported("working_days", days, world.actor("admin"))) == (1, 1, 0)
    assert one(sa.select(WorkingDay.is_working).where(WorkingDay.day == date(2029, 10, 1))) is False
    assert counts(imported("working_days", days)) == (0, 0, 2)


@pytest.mark.row("P01", "P09")
@pytest.mark.parametrize(
    ("user", "kind"),
    [("admin", "invoices"), ("admin", "receipts"), ("fin", "products"), ("cm", "opening_balances"),
     ("rep", "distributors"), ("d1", "orders"), ("auditor", "products")],
)  # fmt: skip
def test_an_import_needs_the_right_to_write_such_records(world: Any, user: str, kind: str) -> None:
    with pytest.raises(Forbidden):
        import_file(world.actor(user), Order(kind, "f.csv", b"a,b\n1,2\n"))


def test_every_planner_has_its_kind_and_the_trail_its_words(world: Any) -> None:
    assert list(PLANNERS) == list(KIND_NAMES)
    assert PLANNERS.keys() <= KINDS.keys()
    imported("distributors", FIRMS + "D8,甲,境外,,,\n")
    tags = set(db.session.scalars(sa.select(AuditEntry.tag)))
    assert tags <= ACTS.keys()


def test_a_dry_run_saves_nothing(world: Any) -> None:
    before = all_rows()
    wish = Order("distributors", "f.csv", (FIRMS + "D8,甲,境外,,,\n").encode(), Mapping())
    outcome = import_file(world.actor("admin"), wish, dry_run=True)
    assert counts(outcome) == (1, 0, 0)
    assert all_rows() == before
