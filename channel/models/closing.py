"""The closing of months: one row that says up to which day the books are locked."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Id, Model


class Closing(Model):
    """The house's lock. Its row is read shared by whoever posts, and locked by whoever closes.

    Who closed and reopened which month stands in the audit trail.
    """

    __tablename__ = "closing"

    id: Mapped[Id]
    #: The first day that is open; NULL where no month was ever closed.
    open_from: Mapped[date | None]
    row_version: Mapped[int] = mapped_column(default=1)
