"""What is posted never changes: the database refuses, whoever asks; and migrations hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from channel import clock
from channel.db import db
from channel.models import deposits, rebates, scores
from channel.models.audit import APPEND_ONLY, AuditEntry
from channel.models.jobs import Job
from channel.queries.credit import open_items
from channel.queries.credit_recount import differences
from channel.services import jobs, receivables
from channel.services.work import Refused, work
from tests.builders import an_application, an_approved_exception, delivered, paid

pytestmark = pytest.mark.database


@pytest.fixture
def lived_in(world):
    """A world in which most append-only tables have rows."""
    delivered(world, A=100)
    paid(world, "D1", 500_000)
    an_approved_exception(world, an_application(world))
    return world


@pytest.mark.row("P05")
def test_append_only_tables_refuse_changes(lived_in):
    tried = 0
    for table in APPEND_ONLY:
        with db.engine.connect() as connection:
            count = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
        if not count:
            continue
        tried += 1
        for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                with db.engine.begin() as connection:
                    connection.execute(sa.text(sql))
    assert tried >= 6


def test_every_append_only_table_has_its_guards(world):
    if db.engine.dialect.name == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with db.engine.connect() as connection:
        names = set(connection.execute(sa.text(sql)).scalars())
    wanted = {f"keep_{t}_{a}" for t in APPEND_ONLY for a in ("update", "delete")}
    assert wanted <= names


@pytest.mark.row("P05")
def test_the_trail_says_who_what_when_old_and_new(lived_in):
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "shipment:dispatch")
    ).one()
    assert entry.actor_name == "陈敏"
    assert entry.changes["state"] == ["released", "shipped"]
    assert entry.at.utcoffset() is not None


@pytest.mark.row("P05")
def test_the_trail_is_part_of_the_transaction(world):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    with pytest.raises(RuntimeError), work(world.actor("cm")) as w:
        w.audit("order:draft", w.session.get_one(AuditEntry, 1))
        w.session.flush()
        raise RuntimeError("the act fails")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before


def test_migrations_go_down_and_up_and_match_the_models(app):
    downgrade(revision="base")
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            d for d in compare_metadata(context, db.metadata) if "alembic_version" not in str(d)
        ]
    assert differences == []


def test_migrations_keep_every_check_of_the_models(app):
    """A table that a migration rebuilds must not lose its constraints on the way."""
    inspector = sa.inspect(db.engine)
    lost = {}
    for table in db.metadata.sorted_tables:
        promised = {
            str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint) and c.name
        }
        kept = {c["name"] for c in inspector.get_check_constraints(table.name)}
        if promised - kept:
            lost[table.name] = promised - kept
    assert lost == {}


def test_migrations_keep_the_refusals_of_posted_rows(app):
    """Each append-only table still refuses UPDATE and DELETE by itself."""
    statement = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    if db.engine.dialect.name == "sqlite":
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with db.engine.connect() as connection:
        found = set(connection.exec_driver_sql(statement).scalars())
    wanted = {
        f"keep_{table}_{act}"
        for table in (
            *APPEND_ONLY,
            *rebates.FROZEN_WHEN,
            *deposits.FROZEN_WHEN,
            *scores.FROZEN_WHEN,
        )
        for act in ("update", "delete")
    }
    assert wanted <= found


def test_a_receipt_is_reversed_by_its_opposite(world):
    invoice = delivered(world, A=100)
    receipt = paid(world, "D1", 600_000)
    receivables.reverse_receipt(world.actor("fin"), receipt, "付款方退票")
    assert [(i, fen) for i, _due, fen in open_items(world.distributor("D1"), "CNY")] == [
        (invoice, 1_000_000)
    ]
    assert differences() == []
    with pytest.raises(Refused):
        receivables.reverse_receipt(world.actor("fin"), receipt, "再来一次")


def test_a_job_whose_worker_died_is_taken_up_again(world):
    done = []

    @jobs.handles("test_kind")
    def handle(actor, job_id, payload):
        done.append(payload["n"])
        if len(done) == 1:
            raise KeyboardInterrupt  # as if the process were killed
        return {"n": payload["n"]}

    with work(world.actor("fin")) as w:
        w.job("test_kind", "only-once", {"n": 7})
        w.job("test_kind", "only-once", {"n": 7})
    with pytest.raises(KeyboardInterrupt):
        jobs.run_next()
    assert jobs.run_next() is False  # the lease still holds
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert jobs.run_next() is True
    assert db.session.scalars(sa.select(Job.state)).all() == ["done"]
    assert done == [7, 7]
