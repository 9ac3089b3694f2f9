"""The files of an import that is not confirmed yet: read again as its recipe says, and locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channel.access import Actor
from channel.db import lock
from channel.models.uploads import Upload
from channel.queries import uploads as reads
from channel.services.steps.importing import recipe
from channel.services.steps.importing.outcome import may_import
from channel.services.steps.importing.recipe import Recipe
from channel.services.work import Refused, Work, assert_seen
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.tables import Table
from contracts.values.findings import block


def load(actor: Actor, upload_id: int) -> tuple[Upload, Table, Columns]:
    """The file with its bytes as a table, and what its columns mean."""
    upload = reads.get_upload(actor, upload_id, with_data=True)
    may_import(actor, upload.kind)
    options = dict(upload.options or {})
    wanted = Recipe.from_json(options)
    table = recipe.read(upload.filename, upload.data, wanted, lookups(wanted, options))
    return upload, table, Columns.from_json(upload.mapping or {})


def lookups(wanted: Recipe, options: Mapping[str, Any]) -> dict[str, bytes]:
    """The second files, which are kept like the first."""
    if not wanted.joins:
        return {}
    return reads.lookup_data([j.file for j in wanted.joins], options.get("hashes", {}))


def open_upload(w: Work, upload_id: int, seen_version: int | None) -> Upload:
    """The file, locked, as long as nobody has confirmed or refused it."""
    found = lock(Upload, [upload_id])
    upload: Upload = found[0] if found else reads.get_upload(w.actor, upload_id)
    if upload.state not in ("received", "checked"):
        raise Refused([block("import.not_now", upload.filename, state=upload.state)])
    assert_seen(upload, seen_version)
    return upload
