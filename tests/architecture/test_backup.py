"""A backup brings the same rows and files back, on SQLite and on PostgreSQL.

The scripts' own program runs as a process of its own, as it does for an operator.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres

ROOT = Path(__file__).resolve().parents[2]
BACKENDS = os.environ.get("WEIR_TEST_BACKENDS", "sqlite").split(",")
NAMES = ["调味品", "a\tb\\N\nc", "'; --"]
ENTRY = (
    "INSERT INTO audit_entry (id, at, actor_name, tag, subject_kind, subject_label, reason,"
    " changes, request_id) VALUES (1, '2026-11-01 00:00:00', 'x', 't', 'k', 'l', '', '{}', '')"
)


class Installation:
    """An empty migrated database with a var folder of its own."""

    def __init__(self, var: Path, url: str) -> None:
        self.var, self.url = var, url
        self.var.mkdir()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("WEIR_")}
        env |= {"WEIR_VAR": str(self.var), "WEIR_DATABASE_URL": self.url, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, *arguments], env=env, cwd=ROOT, text=True, capture_output=True
        )

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("bin/_database.py", *arguments)

    def migrate(self) -> None:
        done = self.run("-m", "channel", "db", "upgrade")
        assert done.returncode == 0, done.stderr

    def engine(self) -> sa.Engine:
        return sa.create_engine(self.url, poolclass=sa.NullPool)

    def execute(self, *statements: str) -> None:
        engine = self.engine()
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def groups(self) -> list[str]:
        engine = self.engine()
        with engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT name FROM product_group ORDER BY id"))
            names = [name for (name,) in rows]
            count = connection.execute(sa.text("SELECT count(*) FROM audit_entry")).scalar_one()
        return [*names, f"{count} audit"]

    def fill(self) -> None:
        engine = self.engine()
        with engine.begin() as connection:
            for number, name in enumerate(NAMES, start=1):
                connection.execute(
                    sa.text("INSERT INTO product_group (code, name) VALUES (:code, :name)"),
                    {"code": f"G{number}", "name": name},
                )
            connection.execute(sa.text(ENTRY))
        (self.var / "uploads").mkdir()
        (self.var / "uploads" / "report.csv").write_text("甲,1\n", "utf-8")


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    if request.param == "sqlite":
        return Installation(tmp_path / "var", f"sqlite:///{tmp_path / 'var' / 'weir.sqlite3'}")
    return Installation(tmp_path / "var", postgres.start())


@pytest.mark.database
def test_backup_and_restore_bring_rows_and_files_back(place: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    assert place.call("is-new").returncode == 0
    assert place.call("backup", str(file)).returncode == 1
    place.migrate()
    assert place.call("is-new").returncode == 1
    place.fill()
    before = place.groups()
    done = place.call("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0

    place.execute("DELETE FROM product_group")
    (place.var / "uploads" / "report.csv").unlink()
    refused = place.call("restore", str(file))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert place.groups() != before

    done = place.call("restore", str(file), "--force")
    assert done.returncode == 0, done.stderr
    assert place.groups() == [*NAMES, "1 audit"] == before
    assert (place.var / "uploads" / "report.csv").read_text("utf-8") == "甲,1\n"
    # The guards are back, and new rows get new numbers.
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        place.execute("DELETE FROM audit_entry")
    place.execute("INSERT INTO product_group (code, name) VALUES ('G9', 'n')")
    assert place.groups() == [*NAMES, "n", "1 audit"]


@pytest.mark.database
def test_restore_fills_a_new_installation(place: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    place.migrate()
    place.fill()
    assert place.call("backup", str(file)).returncode == 0
    if place.url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'other' / 'weir.sqlite3'}"
    else:
        url = postgres.start()
    other = Installation(tmp_path / "other", url)
    done = other.call("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert other.groups() == [*NAMES, "1 audit"]
    assert not (other.var / "secret_key").exists() or (
        (other.var / "secret_key").read_text() != (place.var / "secret_key").read_text()
    )


def test_restore_refuses_what_is_no_backup(tmp_path: Path) -> None:
    place = Installation(tmp_path / "var", f"sqlite:///{tmp_path / 'var' / 'weir.sqlite3'}")
    junk = tmp_path / "junk.tar.gz"
    junk.write_text("nothing")
    assert place.call("restore", str(junk)).returncode == 1

    evil = tmp_path / "evil.tar.gz"
    (tmp_path / "about.json").write_text('{"format": 99}')
    with tarfile.open(evil, "w:gz") as tar:
        tar.add(tmp_path / "about.json", "about.json")
        tar.add(tmp_path / "about.json", "../outside.json")
    done = place.call("restore", str(evil))
    assert done.returncode == 1
    assert "format 99" in done.stderr
    assert not list(tmp_path.rglob("outside.json"))
