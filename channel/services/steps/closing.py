"""The lock of past months, asked by everything that posts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.models.closing import Closing
from channel.rules.closing import check_open
from channel.services.work import Refused, Work


def assert_open(w: Work, *days: date) -> None:
    """Refuse to post on a day of a closed month.

    The row is held shared until the transaction ends, so that no month is closed between the
    question and the posting.
    """
    key = "closing.open_from"
    if key not in w.memo:
        w.memo[key] = w.session.scalar(
            sa.select(Closing.open_from).where(Closing.id == 1).with_for_update(read=True)
        )
    if findings := check_open(list(days), w.memo[key]):
        raise Refused(findings)
