"""Groups of distributors in the browser: their members, who joins, who leaves."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit, partners
from channel.queries import rebates_groups as reads
from channel.services import rebates_groups as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_groups import GroupForm, LeaveForm, MemberForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.rebates.baselines import evidence_tabs
from channel.web.rebates.blueprint import bp


@page(bp, "/rebates/groups", Permission.REBATES_READ, methods=("GET", "POST"))
def groups() -> Any:
    """The groups, and a form for a new one."""
    form = GroupForm()
    if request.method == "POST" and form.validate():
        try:
            return see_other("rebates.group", id=service.create(actor(), form.name.data or ""))
        except Refused as refused:
            show_refusal(form, refused, {"rebate.group.": "name"})
    answer = lists.answer(
        reads.groups_listing(clock.today()),
        "rebates/groups.html",
        form=form,
        can_write=may(actor(), Permission.REBATES_WRITE),
        subtitle=_("Their sales are added up for the tiers of policies that say so."),
        tabs=evidence_tabs("rebates.groups"),
    )
    return (answer, 422) if request.method == "POST" else answer


@page(bp, "/rebates/groups/<int:id>", Permission.REBATES_READ, methods=("GET", "POST"))
def group(id: int) -> Any:
    """Members with their days; a form to take one in."""
    record = reads.get_group(actor(), id)
    form = MemberForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if request.method == "POST" and form.validate():
        try:
            service.join(actor(), id, form.distributor_id.data, form.valid_from.data)
        except Refused as refused:
            places = {"rebate.group.elsewhere": "distributor_id"}
            show_refusal(form, refused, places)
        else:
            flash(_("Taken in: its sales count with the group's from that day's period on."),
                  "success")  # fmt: skip
            return see_other("rebates.group", id=id)
    return show(
        "rebates/group.html",
        group=record,
        members=reads.members_of(id),
        today=clock.today(),
        form=form,
        can_write=may(actor(), Permission.REBATES_WRITE),
        entries=audit.history("rebate_group", id),
    ), 422 if request.method == "POST" else 200


@page(bp, "/rebates/groups/<int:id>/leave", Permission.REBATES_WRITE, methods=("POST",))
def group_leave(id: int) -> Any:
    """End the membership that the form names."""
    form, member = LeaveForm(), request.form.get("member_id", type=int)
    if member is None or not form.validate():
        flash(_("Say the last day of the membership."), "danger")
        return see_other("rebates.group", id=id)
    try:
        service.leave(actor(), member, form.last_day.data)
        flash(_("The membership ends on that day."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("rebates.group", id=id)
