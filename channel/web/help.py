"""The help page: the rules as the product applies them, with the house's own figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from channel import clock
from channel.queries import credit_policies, partners
from channel.web.navigation import menu
from channel.web.pages import SIGNED_IN, actor, page, show
from credit.policy import read_aloud

bp = Blueprint("help", __name__)


@page(bp, "/help", SIGNED_IN)
def index() -> Any:
    """Where leaders disagree, what Weir chose stands here, where its user sees it."""
    maker = partners.get_maker()
    ruling = credit_policies.in_force(clock.today())
    # Grades and tolerances are the house's own matter; a distributor reads its own reasons.
    sentences = [] if actor().is_distributor else read_aloud(credit_policies.policy_of(ruling))
    return show(
        "help/index.html",
        maker=maker,
        groups=menu(),
        policy_number=ruling.number,
        policy_sentences=sentences,
    )
