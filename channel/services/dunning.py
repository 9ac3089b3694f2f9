"""Dunning: letters sent as of a day, one run at a time, their PDFs kept with their hash.

A level counts when its letter was sent here, and never by being offered. What was sent is frozen:
figures, items and the levels of the day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, NotVisible, Permission, require
from channel.db import lock
from channel.documents.batch import render_many
from channel.documents.dunning import DunningDoc, as_letter, check_letter, render_letter
from channel.documents.model import Lang, Party
from channel.models.dunning import (
    DunningLetter,
    DunningLetterFile,
    DunningLetterItem,
    DunningPolicy,
    DunningRun,
)
from channel.models.partners import Distributor
from channel.queries import dunning as reads
from channel.queries import dunning_lists, partners
from channel.queries.dunning import Debtor
from channel.services.jobs import handles, report_progress
from channel.services.steps.dunning_mails import tell_debtor
from channel.services.work import Refused, Work, work
from contracts.values.findings import block
from credit.dunning import Policy, check_policy, check_run, policy_to_json

LANGS: tuple[Lang, ...] = ("zh", "en")
#: So many letters are printed and stored before the progress is told.
CHUNK = 24


def save_policy(actor: Actor, policy: Policy) -> int:
    """Write the levels anew; what was sent before keeps the levels that it was sent under."""
    with work(actor, Permission.DUNNING_SEND) as w:
        if findings := check_policy(policy):
            raise Refused(findings)
        row = DunningPolicy(
            terms=policy_to_json(policy), created_by_id=actor.user_id, created_at=w.now
        )
        w.session.add(row)
        w.session.flush()  # the audit line needs row.id
        levels = ", ".join(str(level.delay) for level in policy.levels)
        w.audit("dunning_policy:save", row, changes={"levels": levels})
        return row.id


def send_letters(
    actor: Actor,
    on: date,
    *,
    levels: Collection[int] | None = None,
    distributor_id: int | None = None,
) -> int:
    """Send what is offered as of the day: of these levels, to this debtor, or all. Gives the run.

    Refused for a day before the last run, and where nothing is offered (any more).
    """
    with work(actor, Permission.DUNNING_SEND) as w:
        # Drawing the number locks the series: two runs at once see each other's letters.
        number = w.draw("DR", w.today)
        if findings := check_run(on, reads.last_run(), w.today):
            raise Refused(findings)
        policy, _row = reads.policy_in_force()
        chosen = [
            debtor
            for debtor in reads.debtors(actor, on, distributor_id, policy)
            if debtor.proposal.level and (levels is None or debtor.proposal.level in levels)
        ]
        if not chosen:
            raise Refused([block("dunning.nothing")])
        run = DunningRun(
            number=number,
            on_date=on,
            terms=policy_to_json(policy),
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(run)
        w.session.flush()  # the letters refer to run.id
        _write(w, run, policy, chosen)
        w.audit("dunning_run:send", run, changes={"letters": len(chosen)})
        w.job("dunning_letters", f"dunning_letters:{run.id}:zh", {"run_id": run.id, "lang": "zh"})
        return run.id


def _write(w: Work, run: DunningRun, policy: Policy, chosen: list[Debtor]) -> None:
    """The letters of a run with their items, and the mails that tell of them."""
    maker: Party = _party(partners.get_maker())
    ids = {debtor.distributor_id for debtor in chosen}
    parties = {
        d.id: _party(d)
        for d in w.session.scalars(sa.select(Distributor).where(Distributor.id.in_(ids)))
    }
    letters = []
    for debtor in chosen:
        proposal = debtor.proposal
        level = policy.levels[proposal.level - 1]
        letter = DunningLetter(
            number=w.draw("DL", w.today),
            run_id=run.id,
            distributor_id=debtor.distributor_id,
            currency=debtor.currency,
            level=proposal.level,
            on_date=run.on_date,
            pay_until=w.today + timedelta(days=level.pay_within),
            overdue_fen=proposal.overdue_fen,
            demanded_fen=proposal.demanded_fen,
            created_at=w.now,
        )
        doc = _document(letter, run, policy, debtor, maker, parties[debtor.distributor_id])
        doc["issued_by"] = w.actor.name
        check_letter(doc)
        letter.document = dict(doc)
        w.session.add(letter)
        letters.append((letter, debtor))
    w.session.flush()  # the items refer to their letters
    for letter, debtor in letters:
        w.session.add_all(_items(letter, debtor))
        w.audit(
            "dunning_letter:send",
            letter,
            changes={"level": letter.level, "demanded_fen": letter.demanded_fen},
        )
    tell_debtor(w, [letter for letter, _debtor in letters])


def _items(letter: DunningLetter, debtor: Debtor) -> Iterator[DunningLetterItem]:
    for line in debtor.proposal.lines:
        invoice_id, instalment_id = line.item.ref  # type: ignore[misc]
        yield DunningLetterItem(
            letter_id=letter.id,
            invoice_id=invoice_id,
            instalment_id=instalment_id,
            level=line.offered or line.item.level,
            is_raised=bool(line.offered),
            pay_by=line.item.pay_by,
            days_overdue=line.days_overdue,
            open_fen=line.item.open_fen,
        )


def _party(record: Any) -> Party:
    """Name and address as they stand today, for the frozen letter."""
    party = Party(name=record.name, uscc=record.uscc or "", address=record.address)
    if isinstance(record, Distributor):
        party["code"] = record.code
    else:
        party["name_en"] = record.name_en
    return party


def _document(
    letter: DunningLetter,
    run: DunningRun,
    policy: Policy,
    debtor: Debtor,
    maker: Party,
    distributor: Party,
) -> DunningDoc:
    proposal, level = debtor.proposal, policy.levels[letter.level - 1]
    return {
        "number": letter.number,
        "run": run.number,
        "level": letter.level,
        "levels": len(policy.levels),
        "on": letter.on_date.isoformat(),
        "pay_until": letter.pay_until.isoformat(),
        "currency": letter.currency,
        "maker": maker,
        "distributor": distributor,
        "items": [
            {
                "number": shown.number,
                "date": shown.invoice_date.isoformat(),
                "pay_by": line.item.pay_by.isoformat(),
                "days": line.days_overdue,
                "amount_fen": shown.amount_fen,
                "open_fen": line.item.open_fen,
                "asked_fen": line.asked_fen,
            }
            for line in proposal.lines
            for shown in [debtor.shown[line.item.ref]]  # type: ignore[index]
        ],
        "overdue_fen": proposal.overdue_fen,
        "disputed_fen": proposal.disputed_fen,
        "covered_fen": proposal.covered_fen,
        "promised_fen": proposal.promised_fen,
        "demanded_fen": proposal.demanded_fen,
        "text_zh": level.text_zh,
        "text_en": level.text_en,
        "account": policy.account,
        "issued_by": "",
    }


def _lang(lang: str) -> Lang:
    for known in LANGS:
        if lang == known:
            return known
    raise NotVisible


def letter_pdf(actor: Actor, letter_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of a letter: printed on the first request, then kept with its hash."""
    require(actor, Permission.CREDIT_READ)
    language = _lang(lang)
    letter = dunning_lists.get_letter(actor, letter_id)
    name, document = f"{letter.number}-{language}.pdf", as_letter(letter.document)
    kept = dunning_lists.file_of(letter_id, language)
    if kept is not None:
        return name, kept[0]
    made = render_letter(document, language)
    with work(actor, Permission.CREDIT_READ) as w:
        data = _keep(w, letter_id, language, made)
        w.audit(
            "dunning_letter:print",
            dunning_lists.get_letter(actor, letter_id),
            changes={"language": language, "sha256": hashlib.sha256(data).hexdigest()},
        )
    return name, data


def _keep(w: Work, letter_id: int, lang: str, data: bytes) -> bytes:
    """Store the bytes, or give those that somebody stored meanwhile."""
    lock(DunningLetter, [letter_id])
    kept = dunning_lists.file_of(letter_id, lang)
    if kept is not None:
        return kept[0]
    sha256 = hashlib.sha256(data).hexdigest()
    w.session.add(
        DunningLetterFile(
            letter_id=letter_id, lang=lang, sha256=sha256, data=data, created_at=w.now
        )
    )
    return data


@handles("dunning_letters")
def _print_run(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Print the letters of a run; a second attempt skips what the first one stored."""
    run_id, lang = int(payload["run_id"]), _lang(payload["lang"])
    missing = dunning_lists.unprinted(run_id, lang)
    done, waiting = 0, list[tuple[int, bytes]]()
    docs = (
        (letter_id, document, lang)
        for start in range(0, len(missing), CHUNK)
        for letter_id, document in dunning_lists.documents_of(missing[start : start + CHUNK])
    )
    for printed in render_many(docs, render=render_letter):
        waiting.append(printed)
        if len(waiting) >= CHUNK or done + len(waiting) == len(missing):
            with work(actor) as w:
                for letter_id, data in waiting:
                    _keep(w, letter_id, lang, data)
            done += len(waiting)
            waiting.clear()
            report_progress(job_id, done, len(missing))
    return {"run_id": run_id, "letters": len(missing)}
