"""Statements in batch: fixed when ordered, resumed where they stopped, ages as in the list."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import NotVisible
from channel.db import db
from channel.models.dunning import AccountStatementFile
from channel.models.jobs import Job, MailMessage
from channel.models.partners import Distributor
from channel.queries import account_statement, receivables
from channel.queries import statement_batches as reads
from channel.queries.listing import stream
from channel.services import account_statements as service
from channel.services import jobs
from channel.services.account_statements import Wish
from channel.services.work import Refused
from tests.builders import delivered, paid

pytestmark = [pytest.mark.database, pytest.mark.row("P03")]

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 21)
ALL = Wish("all", "", "", FIRST, LAST, with_mail=True)


def hashes() -> dict[int, str]:
    """Statement → hash of its bytes."""
    row = AccountStatementFile
    return dict(db.session.execute(sa.select(row.id, row.sha256)).all())


def codes(world: Any, by: str, value: str) -> list[str]:
    ids = reads.chosen_ids(world.actor("fin"), by, value, LAST)
    names = {i: code for code, i in world.distributors.items()}
    return [names[i] for i in ids]


@pytest.mark.parametrize(
    ("by", "value", "chosen"),
    [
        ("all", "", ["D1", "D2", "D3", "D4"]),
        ("territory", "510000", ["D1", "D2", "D3", "D4"]),
        ("territory", "511000", ["D1", "D2"]),
        ("territory", "511083", ["D1", "D2"]),
        ("territory", "110000", []),
        ("class", "Z", []),
    ],
)
def test_who_is_chosen(world, by, value, chosen):
    assert codes(world, by, value) == chosen


def test_a_rep_s_own_accounts(world):
    rep = world.actor("rep").user_id
    own = db.session.scalars(
        sa.select(Distributor.code).where(Distributor.sales_rep_id == rep).order_by("code")
    ).all()
    assert codes(world, "rep", str(rep)) == list(own) != []


def test_a_batch_is_made_mailed_and_exported_with_its_totals(world):
    delivered(world, A=100)
    paid(world, "D1", 250_000)
    batch_id, job_id = service.order_batch(world.actor("fin"), ALL)
    assert jobs.run_next()
    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert (job.state, job.done, job.total) == ("done", 4, 4)
    state = reads.state_of(reads.get_batch(world.actor("fin"), batch_id))
    assert (state.ready, state.sums) == (4, {"CNY": (0, 750_000)})
    mails = db.session.scalars(
        sa.select(MailMessage.recipient).where(MailMessage.key.startswith("statement:"))
    ).all()
    assert sorted(mails) == [f"d{n}@weir.example" for n in (1, 2, 3, 4)]
    name, data = service.export_batch(world.actor("fin"), batch_id)
    assert service.export_batch(world.actor("fin"), batch_id) == (name, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == 5
        assert "7500.00" in archive.read("statements.csv").decode("utf-8-sig").splitlines()[-1]
        assert all(archive.read(n).startswith(b"%PDF") for n in names if n.endswith(".pdf"))


def test_a_job_that_was_cut_off_goes_on_where_it_stopped(world, monkeypatch):
    monkeypatch.setattr(service, "CHUNK", 1)
    batch_id, _job = service.order_batch(world.actor("fin"), ALL)
    made = service.account_statement.document
    asked: list[str] = []

    def cut_off(actor: Any, distributor: Distributor, *days: Any) -> Any:
        if len(asked) == 2:
            raise RuntimeError("the power went")
        asked.append(distributor.code)
        return made(actor, distributor, *days)

    monkeypatch.setattr(service.account_statement, "document", cut_off)
    with pytest.raises(RuntimeError):
        service.make_statements(world.actor("fin"), batch_id, workers=1)
    monkeypatch.setattr(service.account_statement, "document", made)
    before = dict(
        db.session.execute(sa.select(AccountStatementFile.id, AccountStatementFile.sha256)).all()
    )
    with pytest.raises(Refused):
        service.export_batch(world.actor("fin"), batch_id)
    assert service.make_statements(world.actor("fin"), batch_id, workers=1) == 2
    after = dict(
        db.session.execute(sa.select(AccountStatementFile.id, AccountStatementFile.sha256)).all()
    )
    assert len(before) == 2
    assert len(after) == 4
    assert before.items() <= after.items()


def test_nobody_chosen_and_days_turned_round_are_refused(world):
    for wish in (
        Wish("territory", "110000", "", FIRST, LAST),
        Wish("all", "", "", LAST, FIRST),
    ):
        with pytest.raises(Refused):
            service.order_batch(world.actor("fin"), wish)


@pytest.mark.row("P01")
def test_a_distributor_gets_its_own_statement_and_no_other(world):
    batch_id, _job = service.order_batch(world.actor("fin"), ALL)
    service.make_statements(world.actor("fin"), batch_id, workers=1)
    own = dict(
        db.session.execute(
            sa.select(AccountStatementFile.distributor_id, AccountStatementFile.id)
        ).all()
    )
    assert reads.file_of(world.actor("d1"), own[world.distributor("D1")]).data.startswith(b"%PDF")
    with pytest.raises(NotVisible):
        reads.file_of(world.actor("d1"), own[world.distributor("D2")])
    with pytest.raises(NotVisible):
        reads.get_batch(world.actor("d1"), batch_id)


@pytest.mark.row("B06")
def test_one_distributor_s_ages_are_those_of_the_list(world):
    delivered(world, on=date(2026, 8, 20), A=100)
    paid(world, "D1", 250_000, on=date(2026, 11, 1))
    for on in (date(2026, 8, 1), date(2026, 9, 30), date(2026, 10, 31), LAST):
        rows = {r.id: r for r in stream(receivables.ageing_listing(on), world.actor("fin"), {})}
        row = rows.get(world.distributor("D1"))
        listed = [int(getattr(row, k)) for k in ("b0", "b1", "b2", "b3", "b4")] if row else [0] * 5
        assert receivables.ages_of(world.distributor("D1"), "CNY", on) == listed
    doc = account_statement.document(
        world.actor("fin"),
        db.session.get_one(Distributor, world.distributor("D1")),
        FIRST, LAST, LAST,
    )  # fmt: skip
    assert sum(doc["ageing_fen"]) == sum(item["open_fen"] for item in doc["items"]) == 750_000
