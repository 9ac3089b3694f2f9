"""Reads of imports: the list of files, one file, what the house knows, and what it learned."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible, Permission, may
from channel.db import db
from channel.messages.uploads import KIND_NAMES
from channel.models.accounts import User
from channel.models.uploads import ColumnMemory, Upload
from channel.queries.listing import Column, Filter, Listing

#: Second files of an import are kept like the first, under this kind.
LOOKUP = "lookup"


def get_upload(actor: Actor, upload_id: int, *, with_data: bool = False) -> Upload:
    """A file of an import, or NotVisible; inventory reports have their own pages."""
    options = [sa.orm.undefer(Upload.data)] if with_data else []
    found = db.session.scalar(sa.select(Upload).where(Upload.id == upload_id).options(*options))
    if found is None or found.kind not in KIND_NAMES or not may(actor, Permission.IMPORTS):
        raise NotVisible
    return found


def same_file(kind: str, sha256: str) -> Upload | None:
    """The file of these very bytes that was handed in for this kind and not refused."""
    return db.session.scalar(
        sa.select(Upload)
        .where(Upload.kind == kind, Upload.sha256 == sha256, Upload.state != "refused")
        .order_by(Upload.id.desc())
        .limit(1)
    )


def lookup_data(names: list[str], hashes: dict[str, str]) -> dict[str, bytes]:
    """file name → bytes of the second files of an import."""
    rows = db.session.execute(
        sa.select(Upload.sha256, Upload.data).where(
            Upload.kind == LOOKUP, Upload.sha256.in_([hashes[name] for name in names])
        )
    ).all()
    by_hash = {sha256: data for sha256, data in rows}
    return {name: by_hash[hashes[name]] for name in names}


def uploader_name(upload: Upload) -> str:
    name = db.session.scalar(sa.select(User.name).where(User.id == upload.uploaded_by_id))
    return name or "system"


def learned(kind: str) -> dict[str, str]:
    """label → field that the house taught for this kind."""
    rows = db.session.execute(
        sa.select(ColumnMemory.label, ColumnMemory.field).where(
            ColumnMemory.kind == kind, ColumnMemory.owner_id == 0
        )
    )
    return {label: field for label, field in rows}


def _figure(name: str) -> Any:
    return Upload.summary[name].as_integer()


UPLOADS = Listing(
    name="imports",
    title=_l("Imports"),
    identity=Upload.id,
    source=sa.outerjoin(Upload, User, Upload.uploaded_by_id == User.id),
    columns=[
        Column("filename", _l("file name"), Upload.filename),
        Column("kind", _l("kind"), Upload.kind, "import_kind"),
        Column("state", _l("state"), Upload.state, "state"),
        Column("new", _l("new"), _figure("new"), "quantity", wide=True, sortable=False),
        Column("changed", _l("changed"), _figure("changed"), "quantity", wide=True, sortable=False),
        Column("same", _l("same"), _figure("same"), "quantity", wide=True, sortable=False),
        Column("person", _l("handed in by"), User.name, wide=True),
        Column("uploaded_at", _l("received at"), Upload.uploaded_at, "instant", wide=True),
    ],
    default_sort="-uploaded_at",
    scope=lambda actor: sa.and_(
        Upload.kind.in_(sorted(KIND_NAMES)),
        sa.true() if may(actor, Permission.IMPORTS) else sa.false(),
    ),
    filters=[
        Filter("kind", _l("kind"), Upload.kind, choices=lambda: list(KIND_NAMES.items())),
        Filter(
            "state",
            _l("state"),
            Upload.state,
            choices=[
                ("received", _l("columns to be named")),
                ("checked", _l("checked")),
                ("confirmed", _l("imported")),
                ("refused", _l("refused")),
            ],
        ),
    ],
    search=[Upload.filename],
    endpoint="uploads.record",
    empty=_l("Nothing imported yet: start with distributors and products."),
)
