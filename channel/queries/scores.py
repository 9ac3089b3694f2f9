"""Reads of credit grades: the one that counts on a day, the card in force, history and lists."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.models.scores import CreditGrade


def grade_on(distributor_id: int, on: date) -> str:
    """The grade that was accepted last for a day up to this one; '' when none was."""
    statement = (
        sa.select(CreditGrade.grade)
        .where(
            CreditGrade.distributor_id == distributor_id,
            CreditGrade.state == "accepted",
            CreditGrade.graded_on <= on,
        )
        .order_by(CreditGrade.graded_on.desc(), CreditGrade.turn.desc())
        .limit(1)
    )
    return db.session.scalar(statement) or ""
