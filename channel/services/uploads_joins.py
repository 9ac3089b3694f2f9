"""A second file in the browser: handed in, joined by key, taken away again.

Source systems keep heads and lines, or codes and names, in files of their own; a join that would
lose or double a row is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.uploads import Upload
from channel.queries import uploads as reads
from channel.services.steps.importing import recipe
from channel.services.steps.importing.files import load, lookups, open_upload
from channel.services.steps.importing.recipe import Join, Recipe
from channel.services.work import Refused, Work, work
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.tables import Table, TableRefused


def add_second(
    actor: Actor, upload_id: int, filename: str, data: bytes, seen_version: int | None = None
) -> None:
    """Keep a second file beside the first; which columns it gives is said next."""
    load(actor, upload_id)
    try:
        read_table(data, filename)
    except TableRefused as refusal:
        raise Refused([refusal.finding()]) from None
    sha256 = hashlib.sha256(data).hexdigest()
    with work(actor, Permission.IMPORTS) as w:
        upload = open_upload(w, upload_id, seen_version)
        _keep(w, filename, sha256, data)
        options = dict(upload.options or {})
        hashes = dict(options.get("hashes", {}))
        if hashes.get(filename, sha256) != sha256:
            filename = f"{sha256[:6]}-{filename}"  # another file of the same name is joined already
        hashes[filename] = sha256
        upload.options = {**options, "hashes": hashes, "second": filename}


def _keep(w: Work, filename: str, sha256: str, data: bytes) -> None:
    """The second file, once for all imports that join it."""
    known = sa.select(Upload.id).where(Upload.kind == reads.LOOKUP, Upload.sha256 == sha256)
    if w.session.scalar(known.limit(1)) is None:
        w.session.add(
            Upload(
                kind=reads.LOOKUP, filename=filename[-255:], sha256=sha256, size=len(data),
                data=data, state="confirmed", options={}, uploaded_by_id=w.actor.user_id,
                uploaded_at=w.now, row_version=1,
            )
        )  # fmt: skip


def second_table(upload: Upload) -> Table | None:
    """The second file that waits to be joined, or None."""
    options = upload.options or {}
    name = options.get("second", "")
    if not name:
        return None
    return read_table(reads.lookup_data([name], options["hashes"])[name], name)


def join_second(
    actor: Actor, upload_id: int, on: str, key: str, take: Sequence[str],
    seen_version: int | None = None,
) -> None:  # fmt: skip
    """Take columns of the waiting file where its `key` is this file's `on`."""
    upload, _table, said = load(actor, upload_id)
    options = dict(upload.options or {})
    before = Recipe.from_json(options)
    joined = Join(on, options.pop("second", ""), key, tuple(take))
    wanted = replace(before, joins=(*before.joins, joined))
    _save(actor, upload, wanted, options, said, seen_version)


def leave_second(actor: Actor, upload_id: int, seen_version: int | None = None) -> None:
    """Take all second files away again."""
    upload, _table, said = load(actor, upload_id)
    options = dict(upload.options or {})
    options.pop("second", None)
    wanted = replace(Recipe.from_json(options), joins=())
    _save(actor, upload, wanted, {**options, "hashes": {}}, said, seen_version)


def _save(
    actor: Actor, upload: Upload, wanted: Recipe, options: dict[str, Any], said: Columns,
    seen_version: int | None,
) -> None:  # fmt: skip
    """Read the table so, and keep what was said of columns that it still has."""
    try:
        second = lookups(wanted, options)
        table = recipe.read(upload.filename, upload.data, wanted, second)
    except TableRefused as refusal:
        raise Refused([refusal.finding()]) from None
    columns = propose(table.header, KINDS[upload.kind].fields, said)
    upload_id = upload.id
    with work(actor, Permission.IMPORTS) as w:
        upload = open_upload(w, upload_id, seen_version)
        upload.options, upload.mapping = {**options, **wanted.to_json()}, columns.to_json()
        upload.state, upload.findings, upload.summary = "received", None, None
