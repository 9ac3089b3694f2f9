"""A claim laid out and judged: which deliveries it takes, what it is worth, what stops it.

Shared by filing, by changing a draft and by exceptions that were approved for it. Nothing here
commits; the debtor's account is locked before anything of a claim is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from channel.db import lock
from channel.models.exchanges import ExchangeClaim, ExchangeLine
from channel.queries import catalogue
from channel.queries import exchanges as reads
from channel.queries import exchanges_facts as facts_of
from channel.queries.exchanges_facts import Delivery
from channel.services.steps import credit, judging, waivers
from channel.services.steps.waivers import Left
from channel.services.work import Refused, Work, assert_seen
from contracts import exchanges as rules
from contracts.clauses import Duties
from contracts.exchanges import Part, Wish
from contracts.obligations import check_exchange
from contracts.values.findings import Finding, block, in_currency, to_json
from contracts.values.transitions import IllegalTransition


@dataclass(frozen=True)
class Wanted:
    """Goods as asked for: a product and a batch ('' where none is known), in base units."""

    product_id: int
    batch: str
    quantity: int
    is_sealed: bool = True


@dataclass(frozen=True)
class Laid:
    """What laying out found: the findings, and the exception that lets late goods in."""

    findings: list[Finding]
    waiver: Left | None
    late_fen: int


def locked(w: Work, claim_id: int, seen_version: int | None = None) -> ExchangeClaim:
    """The claim as it stands, with its debtor locked first, as everywhere."""
    claim = reads.get_claim(w.actor, claim_id)
    credit.lock_account(w, claim.distributor_id, claim.currency)
    [claim] = lock(ExchangeClaim, [claim_id])
    assert_seen(claim, seen_version)
    return claim  # type: ignore[no-any-return]


def step(claim: ExchangeClaim, act: str) -> tuple[str, str]:
    """Move the claim, or refuse; gives (old state, new state) for the trail."""
    old = claim.state
    try:
        claim.state = rules.WORKFLOW.next(old, act)
    except IllegalTransition:
        facts = {"number": claim.number, "state": old}
        raise Refused([block("exchange.not_now", claim.number, **facts)]) from None
    return old, claim.state


def hold(claim: ExchangeClaim, quantity: Callable[[ExchangeLine], int]) -> None:
    """From now on the claim takes so much of each delivery, and of the quarter's cap."""
    for line in claim.lines:
        line.held = quantity(line)
        line.held_net_fen = rules.net_fen(line.held, line.unit_gross_fen, line.vat_rate_bp)


def goods_of(line: ExchangeLine) -> str:
    """A line as sentences name it: the product, with its batch where there is one."""
    return f"{line.product.code} · {line.batch}" if line.batch else line.product.code


def duties_of(claim: ExchangeClaim) -> Duties:
    """Clause 7 as it was frozen with the claim."""
    return Duties(**(claim.clause or {}))


def freeze(duties: Duties) -> dict[str, Any]:
    """The part of the duties that is clause 7."""
    names = [f.name for f in fields(Duties) if f.name.startswith("exchange_")]
    return {name: getattr(duties, name) for name in names}


def lay_out(w: Work, claim: ExchangeClaim, wanted: Sequence[Wanted]) -> Laid:
    """Write the lines anew from the deliveries of today, and judge them by clause 7 in force."""
    ground = judging.ground_on(claim.distributor_id, w.today)
    terms, on = ground.terms, w.today
    duties = terms.duties if terms else Duties()
    claim.agreement_version_id, claim.clause = ground.version_id, freeze(duties)
    ids = {x.product_id for x in wanted} | {g.product_id for g in claim.goods}
    codes = {i: p.code for i, p in catalogue.products_by_id(ids).items()}
    known = facts_of.deliveries(claim.distributor_id, on, ids, claim.id)
    parts = _spread(wanted, codes, [d.source for d in known])
    book = facts_of.book_prices(terms, ids, on)
    _write_lines(w, claim, parts, wanted, known, book, duties)
    findings: list[Finding] = []
    contract = ground.version.agreement.number if ground.version else ""
    if not ground.is_in_force or terms is None:
        findings.append(block("exchange.no_agreement", on=on))
    elif by_type := check_exchange(terms, contract):
        # One reason says it all: the windows of single goods would only repeat it.
        return Laid(by_type, None, 0)
    judged, waiver, late = _judge_parts(claim, parts, on, duties)
    findings += judged + _judge_whole(claim, on, duties, book)
    return Laid(in_currency(findings, claim.currency), waiver, late)


def _spread(wanted: Sequence[Wanted], codes: Mapping[int, str], sources: Sequence[Any]) -> Any:
    """The parts of all wishes in turn; what one wish takes is gone for the next."""
    left = {s.line_id: s for s in sources}
    parts: list[Part] = []
    for one in wanted:
        wish = Wish(codes[one.product_id], one.batch, one.quantity, one.is_sealed)
        for part in rules.spread(wish, left.values()):
            parts.append(part)
            if part.source is not None:
                rest = part.source.left - part.quantity
                left[part.source.line_id] = replace(part.source, left=rest)
    return parts


def _write_lines(
    w: Work,
    claim: ExchangeClaim,
    parts: Sequence[Part],
    wanted: Sequence[Wanted],
    known: Sequence[Delivery],
    book: Mapping[int, int],
    duties: Duties,
) -> None:
    by_line = {d.source.line_id: d for d in known}
    ids = {d.source.product: d.product_id for d in known}
    products = catalogue.products_by_id({x.product_id for x in wanted})
    ids |= {p.code: p.id for p in products.values()}
    claim.lines.clear()
    w.session.flush()  # line numbers are given anew
    for number, part in enumerate(parts, 1):
        product_id = ids[part.wish.product]
        line = ExchangeLine(
            line_no=number,
            product_id=product_id,
            batch=part.wish.batch or (part.source.batch if part.source else ""),
            is_sealed=part.wish.is_sealed,
            asked=part.quantity,
            book_gross_fen=book.get(product_id),
            held=0,
            held_net_fen=0,
        )
        if part.source is not None:
            delivery = by_line[part.source.line_id]
            line.shipment_line_id = part.source.line_id
            line.shipped_on, line.last_day = part.source.shipped_on, part.source.last_day
            line.paid_gross_fen, line.vat_rate_bp = delivery.paid_gross_fen, delivery.vat_rate_bp
            line.unit_gross_fen = rules.unit_worth(
                duties.exchange_price, delivery.paid_gross_fen, line.book_gross_fen
            )
        claim.lines.append(line)
    w.session.flush()  # the page and the audit line need the lines


def _judge_parts(
    claim: ExchangeClaim, parts: Sequence[Part], on: date, duties: Duties
) -> tuple[list[Finding], Left | None, int]:
    """Findings of each part, with the exception for late goods whose cap takes them all."""
    lefts = waivers.of_type(waivers.in_force(claim.distributor_id, on), "exchange")
    lefts.sort(key=lambda left: left.waiver.extra_days or 0)
    for left in lefts:
        days = left.waiver.extra_days or 0
        found = [rules.check_part(part, on, duties, days) for part in parts]
        late = sum(
            line.asked * line.unit_gross_fen
            for line, own in zip(claim.lines, found, strict=True)
            if any(f.code == "exchange.window_waived" for f in own)
        )
        flat = [f for own in found for f in own]
        if late and left.takes(late) and not any(f.code == "exchange.window" for f in flat):
            return flat, left, late
    return [f for part in parts for f in rules.check_part(part, on, duties)], None, 0


def _judge_whole(
    claim: ExchangeClaim, on: date, duties: Duties, book: Mapping[int, int]
) -> list[Finding]:
    """The quarter's caps, and what goes out for it."""
    quarter = facts_of.quarter_of(claim.distributor_id, claim.currency, on, claim.id)
    claim.base_net_fen, claim.used_net_fen = quarter.base_net_fen, quarter.used_net_fen
    claim.cap_fen = rules.cap_fen(quarter.base_net_fen, duties.exchange_cap_bp)
    net = sum(
        rules.net_fen(line.asked, line.unit_gross_fen, line.vat_rate_bp) for line in claim.lines
    )
    worth = sum(line.asked * line.unit_gross_fen for line in claim.lines)
    goods: int | None = 0
    if any(g.product_id not in book for g in claim.goods):
        goods = None
    else:
        goods = sum(g.quantity * book[g.product_id] for g in claim.goods)
    return [
        *rules.check_cap(net, quarter.used_net_fen, quarter.base_net_fen, duties),
        *rules.check_times(quarter.filed, quarter.label, duties),
        *rules.check_means(claim.means, worth, goods, duties),
    ]


def wanted_of(claim: ExchangeClaim) -> list[Wanted]:
    """What the lines of a claim ask for together, to lay it out anew."""
    sums: dict[tuple[int, str, bool], int] = {}
    for line in claim.lines:
        key = line.product_id, line.batch, line.is_sealed
        sums[key] = sums.get(key, 0) + line.asked
    return [Wanted(p, batch, asked, sealed) for (p, batch, sealed), asked in sums.items()]


def relay(w: Work, claim: ExchangeClaim) -> None:
    """Look again at a draft after an exception was approved for it."""
    if claim.state != "draft":
        return
    claim.findings = to_json(lay_out(w, claim, wanted_of(claim)).findings)
    claim.row_version += 1
    w.audit("exchange:relay", claim)
