"""Backup and restore of an installation, for SQLite and PostgreSQL alike, without client programs.

A backup is one tar.gz: `about.json`, the database as of one instant, and the files of var/. It can
be made while the application runs; a restore refuses a running one and an unfit target.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import _postgres
from sqlalchemy.engine import make_url

from config import Config, WrongSetting

FORMAT = 1
#: What is not data: locks, caches, the tests' own folder, the key (it belongs to the machine).
LEFT_OUT = {"secret_key", "cache", "test", "translations"}


class Refused(Exception):
    """Nothing was changed; the text says why."""


def configured() -> tuple[str, Path]:
    """Database URL and var folder of this installation."""
    config = Config()
    return config.database_url, config.var


def sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def is_new(url: str) -> bool:
    """True when no migration ever ran on the database."""
    if not is_sqlite(url):
        return _postgres.revision(url) is None
    path = sqlite_path(url)
    return not path.exists() or sqlite_revision(path) is None


def sqlite_revision(path: Path) -> str | None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return row[0] if row else None


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy, also of a database that is being written to."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        # One plain file, without a log beside it.
        new.execute("PRAGMA journal_mode=DELETE")


def check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok" or orphans:
        raise Refused(f"the database in the backup is damaged: {orphans or verdict}")


def data_files(var: Path, database: Path | None) -> list[Path]:
    """Files of var/ that belong to the installation's data, in a fixed order."""
    own = {database, *((Path(f"{database}{end}")) for end in ("-wal", "-shm"))}
    return sorted(
        path
        for path in var.rglob("*")
        if path.is_file()
        and path not in own
        and path.relative_to(var).parts[0] not in LEFT_OUT
        and not path.relative_to(var).parts[0].startswith(".")
        and ".before-restore-" not in path.name
    )


def add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o600, int(time.time())
    tar.addfile(info, io.BytesIO(data))


def backup(target: Path) -> None:
    """Writes the backup beside its final name first: a broken run leaves no half file."""
    url, var = configured()
    if is_new(url):
        raise Refused("there is no database yet: nothing to back up")
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            tempfile.TemporaryDirectory(dir=var, prefix=".backup-") as folder,
            os.fdopen(descriptor, "wb") as stream,
            tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar,
        ):
            work = Path(folder)
            if is_sqlite(url):
                copy_sqlite(sqlite_path(url), work / "database.sqlite3")
                revision = sqlite_revision(work / "database.sqlite3")
            else:
                revision = _postgres.dump(url, work / "tables")
            about = {
                "format": FORMAT,
                "kind": "sqlite" if is_sqlite(url) else "postgresql",
                "revision": revision,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            add_bytes(tar, "about.json", json.dumps(about, indent=1).encode())
            for path in sorted(work.rglob("*")):
                tar.add(path, path.relative_to(work).as_posix(), recursive=False)
            database = sqlite_path(url) if is_sqlite(url) else None
            for path in data_files(var, database):
                tar.add(path, f"var/{path.relative_to(var).as_posix()}", recursive=False)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    print(f"{target}: {target.stat().st_size:,} bytes, {about['kind']}, revision {revision}")


def inside(place: Path, folder: Path) -> bool:
    return place.resolve().is_relative_to(folder.resolve())


def unpack(source: Path, work: Path) -> dict[str, object]:
    """The backup's description; its files lie in `work`. Refuses what is not one of ours."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            for entry in tar:
                place = work / entry.name
                # Plain files inside the folder only: a backup has nothing else.
                if not entry.isfile() or not inside(place, work):
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                stream = tar.extractfile(entry)
                if stream is not None:
                    with place.open("wb") as file:
                        shutil.copyfileobj(stream, file)
        about = json.loads((work / "about.json").read_text("utf-8"))
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise Refused(f"{source} is no backup of Weir, or a broken one: {error}") from error
    if about.get("format") != FORMAT:
        raise Refused(f"{source} has format {about.get('format')}; this version reads {FORMAT}")
    return dict(about)


def restore(source: Path, force: bool) -> None:
    """Puts a backup in the place of the installation's data; the old SQLite file is kept aside."""
    url, var = configured()
    with tempfile.TemporaryDirectory(dir=var, prefix=".restore-") as folder:
        work = Path(folder)
        about = unpack(source, work)
        kind = "sqlite" if is_sqlite(url) else "postgresql"
        if about["kind"] != kind:
            raise Refused(f"the backup is of {about['kind']}, this installation runs on {kind}")
        if not force and not is_new(url):
            raise Refused("there is data here already: add --force to put the backup in its place")
        if kind == "sqlite":
            check_sqlite(work / "database.sqlite3")
            put_sqlite(work / "database.sqlite3", sqlite_path(url))
        else:
            _postgres.load(url, work / "tables", str(about["revision"]))
        for path in sorted((work / "var").rglob("*")):
            if path.is_file():
                place = var / path.relative_to(work / "var")
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
    print(f"restored the state of {about['made']} ({kind}, revision {about['revision']})")


def put_sqlite(new: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        kept = place.with_name(f"{place.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        copy_sqlite(place, kept)
        print(f"the data until now is kept in {kept}")
    for end in ("-wal", "-shm"):
        Path(f"{place}{end}").unlink(missing_ok=True)
    new.chmod(0o600)
    new.replace(place)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("is-new")
    commands.add_parser("backup").add_argument("file", type=Path)
    restoring = commands.add_parser("restore")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--force", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.command == "is-new":
            sys.exit(0 if is_new(configured()[0]) else 1)
        if arguments.command == "backup":
            backup(arguments.file.absolute())
        else:
            restore(arguments.file.absolute(), arguments.force)
    except (Refused, WrongSetting, _postgres.Unfit) as error:
        sys.exit(f"weir: {error}")


if __name__ == "__main__":
    main()
