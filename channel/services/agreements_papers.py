"""Contracts, amendments and notices as PDF: printed once, kept with their hash, never changed.

Rendering happens outside the write transaction. What is printed later, after another amendment,
is another paper; the old one stays.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from channel.access import Actor, NotVisible, Permission, require
from channel.db import lock
from channel.documents.agreement import render_agreement
from channel.documents.model import Lang
from channel.documents.notices import NoticeDoc, render_amendment, render_notice
from channel.models.agreements import (
    Agreement,
    AgreementAttachment,
    AgreementFile,
    AgreementVersion,
    BreachNotice,
)
from channel.queries import agreements, partners
from channel.queries import agreements_papers as reads
from channel.services.steps import agreement_papers as papers
from channel.services.steps.agreement_mails import tell_distributor
from channel.services.steps.market import MOST_BYTES, SIGNATURES
from channel.services.work import Refused, work
from contracts import agreement as rules
from contracts.agreement import CLAUSES
from contracts.values.findings import block

LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True)
class Breach:
    """What a notice says: clause numbers, free duties by id, words, and the day to answer by."""

    clauses: tuple[int, ...]
    obligation_ids: tuple[int, ...]
    text: str
    reply_by: date


def _lang(lang: str) -> Lang:
    for known in LANGS:
        if lang == known:
            return known
    raise NotVisible


def contract_pdf(actor: Actor, version_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of a version with its amendments so far; a draft is not kept."""
    require(actor, Permission.AGREEMENTS_READ)
    language = _lang(lang)
    version = agreements.get_version(actor, version_id)
    number = version.agreement.number
    signed = [v.version_no for v in version.agreement.versions if v.state in agreements.SIGNED]
    name = f"{number}-v{version.version_no}-{language}.pdf"
    if version.state not in agreements.SIGNED:
        return f"draft-{name}", render_agreement(papers.contract_doc(version), language)
    key = f"contract:{version.id}:{max(signed)}:{language}"
    kept = reads.file_by_key(key)
    if kept is not None:
        return kept.filename, kept.data
    if max(signed) > version.version_no:
        name = f"{number}-v{version.version_no}+{max(signed)}-{language}.pdf"
    made = render_agreement(papers.contract_doc(version), language)
    return _keep(actor, version_id, "contract", key, name, language, made)


def amendment_pdf(actor: Actor, version_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of what one version changes against the one before it."""
    require(actor, Permission.AGREEMENTS_READ)
    language = _lang(lang)
    version = agreements.get_version(actor, version_id)
    if papers.base_of(version) is None:
        raise NotVisible
    name = f"{version.agreement.number}-A{version.version_no}-{language}.pdf"
    is_signed = version.state in agreements.SIGNED
    key = f"amendment:{version.id}:{language}"
    kept = reads.file_by_key(key) if is_signed else None
    if kept is not None:
        return kept.filename, kept.data
    words = [rules.from_json(v.terms) for v in version.agreement.versions]
    names = papers.names_for(words, version)
    approver = papers.people({version.approved_by_id}).get(version.approved_by_id or 0, "")
    made = render_amendment(
        {
            "number": version.agreement.number,
            "maker": papers.maker_party(partners.get_maker()),
            "distributor": papers.distributor_party(version.agreement.distributor),
            "amendment": papers.amendment(version, approver, names),
        },
        language,
    )
    if not is_signed:
        return f"draft-{name}", made
    return _keep(actor, version_id, "amendment", key, name, language, made)


def notice_pdf(actor: Actor, notice_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of a notice as it was issued."""
    require(actor, Permission.AGREEMENTS_READ)
    language = _lang(lang)
    notice = reads.get_notice(actor, notice_id)
    key = f"notice:{notice.id}:{language}"
    kept = reads.file_by_key(key)
    if kept is not None:
        return kept.filename, kept.data
    document: NoticeDoc = notice.document
    made = render_notice(document, language)
    name = f"{notice.number}-{language}.pdf"
    return _keep(actor, notice.version_id, "notice", key, name, language, made, notice.id)


def _keep(
    actor: Actor,
    version_id: int,
    kind: str,
    key: str,
    filename: str,
    lang: Lang,
    data: bytes,
    notice_id: int | None = None,
) -> tuple[str, bytes]:
    """Store the bytes, or give those that somebody stored meanwhile."""
    with work(actor, Permission.AGREEMENTS_READ) as w:
        version = w.session.get_one(AgreementVersion, version_id)
        lock(Agreement, [version.agreement_id])
        kept = reads.file_by_key(key)
        if kept is not None:
            return kept.filename, kept.data
        digest = hashlib.sha256(data).hexdigest()
        w.session.add(
            AgreementFile(
                key=key,
                kind=kind,
                version_id=version.id,
                notice_id=notice_id,
                filename=filename,
                lang=lang,
                terms_hash=version.terms_hash,
                sha256=digest,
                data=data,
                created_at=w.now,
            )
        )
        w.audit(
            "agreement:print",
            version,
            label=filename,
            changes={"language": lang, "sha256": digest},
            distributor_id=version.agreement.distributor_id,
        )
    return filename, data


def attach(actor: Actor, version_id: int, filename: str, data: bytes) -> int:
    """Keep a paper with a version as it was handed in: PDF, JPEG or PNG; gives its id."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        mimetype = next((kind for head, kind in SIGNATURES if data.startswith(head)), None)
        if mimetype is None:
            raise Refused([block("market.not_a_photo", file=filename)])
        if len(data) > MOST_BYTES:
            raise Refused([block("market.too_large", file=filename)])
        row = AgreementAttachment(
            version_id=version.id,
            filename=filename[-255:],
            mimetype=mimetype,
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            added_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the page that follows needs row.id
        w.audit(
            "agreement:attach",
            version,
            label=version.agreement.number,
            changes={"filename": row.filename, "sha256": row.sha256},
            distributor_id=version.agreement.distributor_id,
        )
        return row.id


def issue_notice(actor: Actor, version_id: int, breach: Breach) -> int:
    """Write a breach notice under a signed version and tell the distributor; gives its id."""
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        version = agreements.get_version(actor, version_id)
        agreement = version.agreement
        if version.state not in agreements.SIGNED:
            raise Refused([block("notice.not_signed")])
        if not breach.clauses and not breach.obligation_ids:
            raise Refused([block("notice.nothing_cited")])
        if breach.reply_by <= w.today:
            raise Refused([block("notice.reply_passed", today=w.today)])
        known = {o.id: o for o in reads.obligations_of(agreement.id)}
        cited = [known[i] for i in breach.obligation_ids if i in known]
        number = w.draw("BN", w.today)
        document: NoticeDoc = {
            "number": number,
            "contract": agreement.number,
            "version": version.version_no,
            "terms_hash": version.terms_hash,
            "issued_on": w.today.isoformat(),
            "reply_by": breach.reply_by.isoformat(),
            "maker": papers.maker_party(partners.get_maker()),
            "distributor": papers.distributor_party(agreement.distributor),
            "clauses": [n for n in CLAUSES if n in breach.clauses],
            "duties": [{"text": o.text, "due": o.due_on.isoformat()} for o in cited],
            "text": breach.text.strip(),
            "issued_by": actor.name,
        }
        notice = BreachNotice(
            number=number,
            version_id=version.id,
            distributor_id=agreement.distributor_id,
            issued_on=w.today,
            reply_by=breach.reply_by,
            document=document,
            issued_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(notice)
        w.session.flush()  # the trail and the mails need notice.id
        w.audit("notice:issue", notice, changes={"reply_by": breach.reply_by})
        tell_distributor(w, notice, agreement.number)
        return notice.id
