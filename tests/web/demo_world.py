"""The whole demo world for tests that look at pages: loaded once, then read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from channel import clock
from channel.app import create_app
from channel.db import db
from channel.demo.commands import year_of
from channel.demo.history import History
from channel.demo.world import World, build_world
from channel.services import setup
from config import Config
from tests import databases

TODAY = date(2026, 11, 21)


@contextmanager
def demo_app(
    factory: pytest.TempPathFactory, months: int = 5, backend: str = "sqlite"
) -> Iterator[World]:
    """An app on the demo world as of a fixed day, with its last months of trade."""
    var = factory.mktemp("demo")
    url = databases.empty(backend, var)
    app = create_app(
        Config(
            var=var,
            database_url=url,
            secret_key="t" * 40,
            base_url="http://localhost",
            testing=True,
        )
    )
    start, end = year_of(TODAY)
    with app.app_context():
        upgrade()
        setup.load_reference()
        with clock.at(clock.instant_of(start, 8)):
            world = build_world(start, end)
        first = date(TODAY.year, TODAY.month - months, 1)
        History(world, first, TODAY).play()
        world.app = app
        with clock.at(TODAY):
            yield world
        db.session.remove()
        db.engine.dispose()


#: A record of D2 or D3: the rep's accounts, and hidden from D1.
NEIGHBOUR = (
    "SELECT t.id FROM {} t JOIN distributor d ON d.id = t.distributor_id"
    " WHERE d.code IN ('D2', 'D3') ORDER BY t.id"
)

#: The newest signed version of D2 or D3: an amendment in the demo.
AMENDED = (
    "SELECT max(v.id) FROM agreement_version v JOIN agreement a ON a.id = v.agreement_id"
    " JOIN distributor d ON d.id = a.distributor_id"
    " WHERE d.code IN ('D2', 'D3') AND v.state = 'approved'"
)

#: What we shipped last of A to D1 before its last report ended: of it there is still some.
NEWEST_IN_STOCK = (
    "SELECT max(l.id) FROM shipment_line l JOIN shipment s ON s.id = l.shipment_id"
    " JOIN product p ON p.id = l.product_id WHERE s.distributor_id = {d1} AND p.code = 'A'"
    " AND s.state IN ('shipped', 'invoiced') AND s.ship_date <"
    " (SELECT max(period_end) FROM inventory_report WHERE distributor_id = {d1})"
)

#: (endpoint or room, argument) → SQL for an example; {d1} is the id of D1, whose user asks, too.
EXAMPLES: dict[tuple[str, str], str] = {
    ("partners", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("partners.place", "id"): "SELECT id FROM ship_to WHERE distributor_id = {d1}",
    ("territories", "id"): "SELECT id FROM division WHERE code = '511000' AND valid_to IS NULL",
    ("agreements", "id"): "SELECT v.id FROM agreement_version v JOIN agreement a ON a.id = "
    "v.agreement_id WHERE v.state = 'approved' AND a.distributor_id = {d1} ORDER BY v.id",
    ("agreements.edit", "id"): "SELECT id FROM agreement_version ORDER BY id DESC",
    ("agreements.amendment", "id"): AMENDED,
    ("agreements.compare", "id"): AMENDED,
    ("agreements.notice", "id"): "SELECT id FROM breach_notice",
    ("agreements.attachment", "id"): "SELECT id FROM agreement_attachment",
    ("agreements.paper", "id"): "SELECT id FROM agreement_file",
    ("agreements.newest", "id"): "SELECT id FROM agreement WHERE distributor_id = {d1}",
    ("orders", "id"): "SELECT id FROM sales_order WHERE distributor_id = {d1} AND state = 'closed'",
    ("orders.place", "id"): "SELECT id FROM sales_order WHERE distributor_id = {d1}"
    " AND state = 'draft'",
    ("shipments.place", "id"): "SELECT id FROM shipment WHERE distributor_id = {d1}",
    (
        "receivables.receipt_parked",
        "id",
    ): "SELECT id FROM parked_receipt WHERE distributor_id = {d1}",
    ("orders.edit", "id"): "SELECT id FROM sales_order WHERE distributor_id = {d1}"
    " AND state = 'draft'",
    ("shipments", "id"): "SELECT id FROM shipment WHERE distributor_id = {d1}",
    ("shipments.new", "id"): "SELECT id FROM distributor WHERE code = 'D2'",
    ("receivables", "id"): "SELECT id FROM invoice WHERE distributor_id = {d1}",
    ("receivables.receipt", "id"): "SELECT id FROM receipt WHERE distributor_id = {d1}",
    ("bank", "id"): "SELECT id FROM bank_line WHERE state = 'unassigned' ORDER BY id",
    ("write_offs", "id"): NEIGHBOUR.format("write_off"),
    ("interest", "id"): NEIGHBOUR.format("interest_note"),
    ("credit", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("credit_pools", "id"): "SELECT id FROM credit_pool WHERE kind = 'group'",
    ("scores", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("scores.grade", "id"): "SELECT id FROM credit_grade WHERE distributor_id = {d1}",
    ("score_cards", "id"): "SELECT id FROM score_card",
    ("risk", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("credit_policies", "id"): "SELECT max(id) FROM credit_policy",
    ("credit_policies.trial", "id"): "SELECT max(id) FROM credit_trial",
    ("credit_policies.line", "id"): NEIGHBOUR.format("credit_trial_line"),
    ("account_statement", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("dunning", "id"): NEIGHBOUR.format("dunning_letter"),
    ("dunning.debtor", "id"): "SELECT id FROM distributor WHERE code = 'D3'",
    ("dunning.paper", "lang"): "SELECT 'zh'",
    ("promises", "id"): NEIGHBOUR.format("promise"),
    ("promises.new", "id"): "SELECT id FROM distributor WHERE code = 'D3'",
    ("disputes", "id"): "SELECT id FROM dispute WHERE distributor_id = {d1}",
    ("disputes.new", "id"): "SELECT id FROM invoice WHERE distributor_id = {d1}",
    ("collection", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("statements", "id"): "SELECT id FROM statement_batch",
    ("statements.paper", "id"): "SELECT id FROM account_statement_file WHERE distributor_id = {d1}",
    ("deposits", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("deposits.decide", "id"): "SELECT id FROM deposit_entry WHERE distributor_id = {d1}",
    ("exceptions", "id"): "SELECT id FROM exception_request ORDER BY id",
    ("exceptions.review", "id"): "SELECT id FROM outcome_review ORDER BY id",
    ("supports", "id"): "SELECT id FROM support_budget WHERE distributor_id = {d1}",
    ("supports.claim", "id"): "SELECT id FROM support_claim WHERE distributor_id = {d1}",
    ("supports.evidence", "id"): "SELECT id FROM support_claim WHERE evidence_sha256 <> ''"
    " AND distributor_id = {d1}",
    ("accounts", "id"): "SELECT id FROM user_account ORDER BY id",
    ("exchanges", "id"): "SELECT id FROM exchange_claim WHERE distributor_id = {d1}"
    " AND document IS NOT NULL",
    ("jobs", "id"): "SELECT id FROM job ORDER BY id",
    ("stock", "id"): "SELECT id FROM inventory_report WHERE distributor_id = {d1} ORDER BY id DESC",
    ("stock.review", "id"): "SELECT id FROM upload WHERE distributor_id = {d1} ORDER BY id DESC",
    ("stock_checks", "id"): "SELECT id FROM inventory_report WHERE distributor_id = {d1}"
    " ORDER BY id DESC",
    ("stock_checks.difference", "id"): "SELECT r.id FROM inventory_report r JOIN distributor d"
    " ON d.id = r.distributor_id WHERE d.code IN ('D2', 'D3') AND r.version_no = 2",
    ("stock_checks.flow", "id"): "SELECT ({d1} * 1000000 + id) * 10000 + 8107 FROM product"
    " WHERE code = 'A'",
    ("stock_advice", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("stock_advice", "product"): "SELECT id FROM product WHERE code = 'A'",
    ("stock_advice.line", "id"): "SELECT w.id FROM inventory_row w JOIN inventory_report r"
    " ON r.id = w.report_id WHERE r.distributor_id = {d1}",
    ("stock_advice.claim", "id"): NEWEST_IN_STOCK,
    ("stock_statement", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("stock_codes", "id"): "SELECT id FROM stock_code WHERE distributor_id = {d1}",
    ("stock_codes.unit", "id"): "SELECT id FROM stock_unit WHERE distributor_id = {d1}",
    ("stock.original", "id"): "SELECT id FROM upload WHERE distributor_id = {d1}",
    ("catalogue", "id"): "SELECT id FROM product ORDER BY id",
    ("catalogue.edit_book", "id"): "SELECT id FROM price_book",
    ("catalogue.price_book", "id"): "SELECT id FROM price_book",
    ("catalogue.propose", "id"): "SELECT id FROM price_book",
    ("catalogue.book_margins", "id"): "SELECT id FROM price_book",
    ("catalogue.special_line", "id"): "SELECT l.id FROM order_line l JOIN sales_order o"
    " ON o.id = l.order_id WHERE o.distributor_id = {d1}",
    ("freight", "id"): "SELECT id FROM shipment WHERE distributor_id = {d1}",
    ("market.incident", "id"): NEIGHBOUR.format("market_incident"),
    ("diversions", "id"): NEIGHBOUR.format("code_scan"),
    ("diversions.shipment_codes", "id"): NEIGHBOUR.format("shipment"),
    ("diversions.take_off", "id"): NEIGHBOUR.format("trace_range"),
    ("conduct", "id"): NEIGHBOUR.format("market_incident").replace(
        " ORDER", " AND t.kind = 'diversion' ORDER"
    ),
    ("conduct.step", "id"): NEIGHBOUR.format("conduct_step"),
    ("conduct.decision_paper", "id"): NEIGHBOUR.format("conduct_step"),
    ("conduct.notice_paper", "id"): NEIGHBOUR.format("conduct_notice"),
    ("market.evidence", "id"): NEIGHBOUR.format("market_evidence"),
    ("market.price_report", "id"): NEIGHBOUR.format("price_report"),
    ("market.promotion", "id"): NEIGHBOUR.format("promotion"),
    ("market.promotion_log", "id"): NEIGHBOUR.format("promotion_log"),
    ("market.outlet", "id"): NEIGHBOUR.format("outlet"),
    ("market.edit_outlet", "id"): NEIGHBOUR.format("outlet"),
    ("market.new_check", "id"): NEIGHBOUR.format("outlet"),
    ("market.new_visit", "id"): NEIGHBOUR.format("outlet"),
    ("market.outlets_of", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("market.outlets_in", "id"): "SELECT 510000",
    ("channel_stock", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("channel_stock.area", "id"): "SELECT 510000",
    ("channel_stock.product", "id"): "SELECT id FROM product ORDER BY id",
    ("channel_stock.position", "id"): "SELECT id FROM stock_standing WHERE distributor_id = {d1}",
    ("stock_counts", "id"): NEIGHBOUR.format("stock_count"),
    ("stock_counts.line", "id"): NEIGHBOUR.format("stock_count_line"),
    ("stock_counts.follow_up", "id"): NEIGHBOUR.format("stock_follow_up"),
    ("market.display_check", "id"): NEIGHBOUR.format("display_check"),
    ("market.pop_record", "id"): NEIGHBOUR.format("pop_placement"),
    ("catalogue.suggestion", "id"): "SELECT id FROM suggested_price",
    ("catalogue.price_entry", "id"): "SELECT id FROM price_entry",
    ("catalogue.group", "id"): "SELECT id FROM product_group",
    ("catalogue.calendar_day", "day"): "SELECT '2026-10-01'",
    ("targets", "id"): "SELECT id FROM target_plan",
    ("targets.record", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("targets.plan", "id"): "SELECT id FROM target_plan WHERE state = 'review'",
    ("rebates", "id"): "SELECT id FROM rebate_statement WHERE distributor_id = {d1}",
    ("rebates.batch", "id"): "SELECT id FROM rebate_run WHERE state = 'posted'",
    ("rebates.export", "id"): "SELECT id FROM statement_export",
    ("rebates.pool_entries", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("rebates.ask_payment", "id"): "SELECT id FROM distributor WHERE code = 'D1'",
    ("rebates.pool_entry", "id"): "SELECT id FROM pool_entry WHERE distributor_id = {d1}",
    ("rebates.use", "id"): "SELECT id FROM pool_use WHERE distributor_id = {d1}",
    ("rebates.use_on_order", "id"): "SELECT id FROM sales_order WHERE distributor_id = {d1}"
    " AND state = 'draft'",
    ("rebates.run", "id"): "SELECT id FROM rebate_run WHERE state = 'posted'",
    ("rebates.group", "id"): "SELECT id FROM rebate_group",
    ("rebates.policy", "id"): "SELECT id FROM rebate_policy",
    ("rebates.policy_edit", "id"): "SELECT id FROM rebate_policy",
    ("rebates.trial", "id"): "SELECT id FROM rebate_trial",
    ("rebates.trial_periods", "id"): "SELECT id FROM rebate_trial",
    ("rebates.trial_of", "id"): "SELECT id FROM rebate_trial_line WHERE distributor_id = {d1}",
    ("rebates.trial_line", "id"): "SELECT id FROM rebate_trial_line WHERE distributor_id = {d1}",
    ("rebates.accrual_run", "id"): "SELECT id FROM rebate_accrual_run",
    ("rebates.policy_baseline", "id"): NEIGHBOUR.format("growth_baseline"),
    ("rebates.exclusivity_record", "id"): "SELECT id FROM exclusivity_declaration"
    " WHERE distributor_id = {d1}",
    ("returns", "id"): "SELECT id FROM invoice WHERE distributor_id = {d1} AND kind = 'invoice'",
    ("rebates.line", "id"): "SELECT id FROM invoice_line WHERE distributor_id = {d1}",
    ("uploads", "id"): "SELECT id FROM upload WHERE kind NOT IN ('stock_report', 'bank_lines')",
    ("uploads", "kind"): "SELECT 'products'",
    ("rebates.statement_data", "kind"): "SELECT 'json'",
    ("verify", "number"): "SELECT number FROM rebate_statement WHERE distributor_id = {d1}"
    " AND number IS NOT NULL ORDER BY id",
    ("verify", "code"): "SELECT document -> 'verify' ->> 'code' FROM rebate_statement"
    " WHERE distributor_id = {d1} AND number IS NOT NULL ORDER BY id",
}

#: Records of others and pages of the house: a distributor is told that there is no such page.
HIDDEN_FROM_D1 = {
    "agreements.amendment",
    "agreements.compare",
    "stock_checks.difference",
    "agreements.notice",
    "exceptions.record",
    "exceptions.review",
    "exceptions.board",
    "exceptions.bands",
    "exceptions.absences",
    "supports.seasons",
    "jobs.record",
    "credit_policies.index",
    "credit_policies.record",
    "credit_policies.trial",
    "credit_policies.line",
    "write_offs.record",
    "interest.record",
    "dunning.debtor",
    "dunning.letter",
    "dunning.paper",
    "promises.record",
    "collection.index",
    "collection.record",
    "catalogue.price_books",
    "catalogue.price_book",
    "catalogue.price_entry",
    "catalogue.book_margins",
    "market.white",
    "market.incident",
    "diversions.record",
    "diversions.shipment_codes",
    "conduct.record",
    "conduct.notice_paper",
    "conduct.decision_paper",
    "market.evidence",
    "market.price_report",
    "market.promotion",
    "market.promotion_log",
    "market.outlet",
    "market.edit_outlet",
    "market.new_check",
    "market.new_visit",
    "market.display_check",
    "market.pop_record",
    "targets.plan",
    "catalogue.ladder",
    "catalogue.suggested",
    "catalogue.suggestion",
    "catalogue.vat",
    "rebates.group",
    "rebates.policy",
    "rebates.policy_baseline",
    "rebates.run",
    "rebates.trial",
    "rebates.trial_periods",
    "rebates.trial_of",
    "rebates.trial_line",
    "rebates.accrual_run",
}

#: Work that somebody else ordered: seen by who keeps the house's trail.
HIDDEN_FROM_DESKS = {"jobs.record"}


def first_ids() -> dict[tuple[str, str], Any]:
    """(endpoint or room, argument) → an id that exists, or None."""
    d1 = db.session.scalar(sa.text("SELECT id FROM distributor WHERE code = 'D1'"))
    return {
        key: db.session.scalar(sa.text(sql.format(d1=d1) + " LIMIT 1"))
        for key, sql in EXAMPLES.items()
    }
