"""Verification of a printed statement without sign-in: by its number and the code on the paper.

A wrong code is counted by client, as a wrong password is; who tries too many waits.
"""

from __future__ import annotations

from channel.access import SYSTEM
from channel.models.accounts import LoginAttempt
from channel.queries import accounts as people
from channel.queries.statement_records import Record, find_record
from channel.services.work import Refused, work
from contracts.values.findings import block


def look_up(number: str, code: str, client: str) -> Record | None:
    """What may be told of a statement; None where number and code are not of one paper.

    Raises Refused («throttled») after too many wrong codes of the client.
    """
    key = f"verify:{client}"[:300]
    if people.is_throttled(key):
        raise Refused([block("statement.verify_throttled", number)])
    record = find_record(number, code)
    if record is None:
        with work(SYSTEM) as w:
            w.session.add(LoginAttempt(key=key, at=w.now))
    return record
