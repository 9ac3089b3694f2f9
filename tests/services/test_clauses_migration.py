"""An agreement of the first release is kept when the database moves on, and back again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from channel.db import db
from tests import databases
from tests.conftest import make_app

pytestmark = pytest.mark.database

ROWS = (
    "INSERT INTO distributor (id, code, name, kind, tax_name, address, contact, phone, email,"
    " bank_name, bank_account, currency, is_active, created_at, row_version) VALUES"
    " (1, 'D1', 'x', 'company', '', '', '', '', '', '', '', 'CNY', true,"
    " '2026-01-01 00:00:00', 1)",
    "INSERT INTO agreement (id, number, distributor_id, created_at)"
    " VALUES (1, 'HT-1', 1, '2026-01-01 00:00:00')",
    "INSERT INTO agreement_version (id, agreement_id, version_no, state, valid_from, valid_to,"
    " terms, terms_hash, reason, row_version) VALUES"
    " (1, 1, 1, 'approved', '2026-01-01', '2027-01-01', '{}', 'abc', 'first', 1)",
    "INSERT INTO territory_grant (id, version_id, distributor_id, division_code, is_included,"
    " is_exclusive, valid_from, valid_to) VALUES"
    " (1, 1, 1, '511000', true, true, '2026-01-01', '2027-01-01')",
)


def read(statement: str) -> list[tuple]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def test_versions_and_what_points_at_them_survive_both_ways(backend, tmp_path):
    app = make_app(tmp_path, databases.empty(backend, tmp_path))
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in ROWS:
                connection.execute(sa.text(statement))
        db.engine.dispose()
        upgrade()
        assert read("SELECT state, terms_hash, origin, end_reason FROM agreement_version") == [
            ("approved", "abc", "first", "")
        ]
        assert read("SELECT count(*) FROM territory_grant") == [(1,)]
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE agreement_version SET state = 'suspended'"))
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM agreement_version"))
        db.engine.dispose()
        downgrade(revision="0001")
        assert read("SELECT state, terms_hash FROM agreement_version") == [("approved", "abc")]
        assert read("SELECT count(*) FROM territory_grant") == [(1,)]
        db.engine.dispose()
