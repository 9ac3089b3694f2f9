"""A PostgreSQL server with durable settings whose data survives between two runs of the bench.

The programs are those of tests.postgres; TEST_DATABASE_URL names another server instead.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests import postgres


def start(home: Path) -> str:
    """URL (postgresql://) of the server's maintenance database; it ends with this process."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given.replace("+psycopg", "", 1)
    folder = _folder(home)
    data, socket = folder / "data", Path(tempfile.mkdtemp(prefix="weir-bench-"))
    account = postgres._server_account()
    for path in (data, socket):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)
    if not (data / "PG_VERSION").exists():
        words = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        postgres._call(folder, "initdb", *words)
    options = f"-c listen_addresses='' -k {socket} {postgres.SETTINGS} -c max_wal_size=4GB"
    postgres._call(
        folder, "pg_ctl", "-D", str(data), "-l", str(socket / "server.log"), "-o", options,
        "-w", "start",
    )  # fmt: skip
    atexit.register(_stop, folder)
    return f"postgresql://postgres@/postgres?host={socket}"


def _stop(folder: Path) -> None:
    postgres._call(folder, "pg_ctl", "-D", str(folder / "data"), "-m", "fast", "-w", "stop")


def _folder(home: Path) -> Path:
    """Below var/bench, or a folder of the machine where the server's account may not go there."""
    account = postgres._server_account()
    folder = home / "postgresql"
    if account is not None and not _may_enter(home, account.pw_uid):
        folder = Path(tempfile.gettempdir()) / f"weir-bench-data-{os.getuid()}"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


def _may_enter(folder: Path, uid: int) -> bool:
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], user=uid, extra_groups=[], check=False,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return probe.returncode == 0


def run(server: str, *statements: str) -> None:
    """Statements outside any transaction."""
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def has(server: str, name: str) -> bool:
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def databases(server: str, prefix: str) -> list[str]:
    with psycopg.connect(server, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{prefix}%"]
        )
        return [str(row[0]) for row in rows]


def url_of(server: str, name: str) -> str:
    """The SQLAlchemy URL of a database of the server."""
    parts = urlsplit(server)
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql+psycopg://{parts.netloc}/{name}{query}"
