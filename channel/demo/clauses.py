"""What was agreed beside the first contracts of the demo world: a relaxation, a commitment, duties.

D1's contract stays as it was first signed; the others show what a running one gathers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.world import World
from channel.models.agreements import AgreementVersion, Obligation
from channel.services import agreements, agreements_duties, agreements_papers
from channel.services.agreements import Draft
from channel.services.agreements_duties import NewDuty
from contracts import agreement as rules
from contracts.agreement import Commitment
from contracts.values.rates import Rate


def agree(world: World, start: date, today: date) -> None:
    """Before the trade begins: D4 pays later for a season, D3 commits itself for two years."""
    first = max(start, (today.replace(day=1) - timedelta(days=45)).replace(day=1))
    with clock.at(clock.instant_of(max(start, first - timedelta(days=4)), 9)):
        version = first_version(world, "D4")
        payment = rules.from_json(version.terms).payment
        if payment is not None:
            longer = replace(payment, days=45)
            _amend(world, version, first, "旺季账期放宽至 45 天", payment=longer)
        commitment = Commitment(24, 120_000_000, Rate.percent(5))
        version = first_version(world, "D3")
        _amend(world, version, first, "签订两年合作承诺", commitment=commitment)


def _amend(
    world: World, version: AgreementVersion, start: date, reason: str, **changes: Any
) -> None:
    """Another version with the old words but for some, signed."""
    end = version.valid_to
    new = agreements.amend_agreement(world.actor("cm"), version.id, start, reason, end)
    draft = db.session.get_one(AgreementVersion, new)
    terms = replace(rules.from_json(draft.terms), **changes)
    agreements.save_draft(world.actor("cm"), new, Draft(start, end, terms, reason))
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("cm2"), new)


def first_version(world: World, code: str) -> AgreementVersion:
    return db.session.scalars(
        sa.select(AgreementVersion)
        .where(AgreementVersion.agreement.has(distributor_id=world.distributor(code)))
        .order_by(AgreementVersion.id)
    ).first()  # type: ignore[return-value]


def leave_open(world: World, today: date) -> None:
    """What a visitor finds: duties open, overdue and fulfilled, a notice, an exit quotation."""
    cm = world.actor("cm")
    with clock.at(clock.instant_of(today - timedelta(days=20), 10)):
        for code, text, due in (
            ("D1", "提供下一年度营业执照副本", date(today.year + 1, 3, 31)),
            ("D1", "提交门店陈列照片", today + timedelta(days=9)),
            ("D2", "补交仓库租赁合同复印件", today - timedelta(days=6)),
            ("D4", "开通电子对账账号", today - timedelta(days=12)),
        ):
            version = first_version(world, code)
            agreements_duties.add_obligation(cm, version.id, NewDuty(text, due))
    with clock.at(clock.instant_of(today - timedelta(days=14), 10)):
        agreements_duties.fulfil_obligation(world.actor("d4"), _duty(world, "D4"), "账号已开通")
    with clock.at(clock.instant_of(today - timedelta(days=1), 15)):
        version = first_version(world, "D2")
        agreements_papers.issue_notice(
            cm,
            version.id,
            agreements_papers.Breach(
                (), (_duty(world, "D2"),), "多次电话催交未果。", today + timedelta(days=6)
            ),
        )
    with clock.at(clock.instant_of(today, 9)):
        newest = max(first_version(world, "D3").agreement.versions, key=lambda v: v.version_no)
        agreements_duties.issue_quotation(cm, newest.id, today)
        agreements_papers.contract_pdf(cm, first_version(world, "D1").id, "zh")


def _duty(world: World, code: str) -> int:
    return db.session.scalars(
        sa.select(Obligation.id).where(Obligation.distributor_id == world.distributor(code))
    ).one()
