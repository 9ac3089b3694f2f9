"""Words about what rebates are judged by: baselines of growth and exclusivity."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields
from channel.messages.states import register_states
from channel.messages.texts import Text, register

register_states(
    {
        "baseline_proposed": (_l("waits for a second person"), "orange"),
        "baseline_approved": (_l("approved"), "green"),
        "baseline_rejected": (_l("refused"), "secondary"),
        "declaration_holds": (_l("in force"), "green"),
        "declaration_coming": (_l("not begun yet"), "azure"),
        "declaration_over": (_l("over"), "secondary"),
        "declaration_withdrawn": (_l("withdrawn"), "red"),
    }
)
SUBJECTS.update(
    {
        "growth_baseline": _l("baseline of growth"),
        "exclusivity_declaration": _l("declaration of exclusivity"),
    }
)
register_acts(
    {
        "growth_baseline:propose": _l("proposed a baseline of growth"),
        "growth_baseline:approve": _l("approved the baseline of growth"),
        "growth_baseline:reject": _l("refused the baseline of growth"),
        "exclusivity:sign": _l("signed the declaration of exclusivity"),
        "exclusivity:withdraw": _l("withdrew the declaration of exclusivity"),
    }
)
register_fields(
    {
        "policy_code": _l("policy"),
        "baseline": _l("baseline"),
        "first_day": _l("from"),
        "last_day": _l("last day"),
        "signer": _l("signed by"),
        "withdrawn_on": _l("withdrawn from"),
    }
)
register(
    {
        "baseline.policy": Text(
            _l("%(policy)s does not measure growth from a typed baseline."),
            _l("Choose a growth policy whose baseline is typed."),
        ),
        "baseline.period": Text(
            _l("%(period)s is not a period that this policy settles."),
            _l("Write the period as its statements name it, such as 2026Q4."),
        ),
        "baseline.value": Text(
            _l("A baseline is more than nothing."), _l("Enter what growth is measured from.")
        ),
        "baseline.reason_needed": Text(
            _l("The reason is missing."), _l("Write where the figure comes from.")
        ),
        "baseline.decided": Text(
            _l("%(number)s is decided already."),
            _l("Propose another figure for the same period; the one approved last counts."),
        ),
        "exclusivity.own_only": Text(
            _l("Only the distributor itself declares exclusivity."),
            _l("Ask the distributor to sign in its own portal."),
        ),
        "exclusivity.span": Text(
            _l("%(end)s lies before %(start)s."), _l("Choose the last day after the first.")
        ),
        "exclusivity.too_long": Text(
            _l("A declaration holds for at most %(days)s days."),
            _l("Declare a shorter span; a new one can follow."),
        ),
        "exclusivity.signer_needed": Text(
            _l("The name of the person who signs is missing."), _l("Type your full name.")
        ),
        "exclusivity.agree": Text(
            _l("The declaration is not confirmed."),
            _l("Read the text and the legal note, then tick the box."),
        ),
        "exclusivity.withdrawn": Text(
            _l("%(number)s is withdrawn already."), _l("Sign a new declaration instead.")
        ),
        "exclusivity.reason_needed": Text(
            _l("A withdrawal needs its reason."), _l("Write down why.")
        ),
    }
)


def declaration_text(maker: str, distributor: str) -> str:
    """What is declared, in the reader's language; frozen with the signature."""
    text: str = gettext(
        "%(distributor)s declares that in the span stated here it does not buy, stock, promote or "
        "sell goods of other makers that compete with the goods of %(maker)s, and that it agrees "
        "to have this looked at in its outlets and warehouses.",
        maker=maker,
        distributor=distributor,
    )
    return text


def legal_note() -> str:
    """What the signer has to know first."""
    text: str = gettext(
        "This declaration is voluntary and can be withdrawn on any day. Without it nothing is "
        "taken from you: no order, price, limit or other rebate depends on it; only the reward "
        "for exclusivity is not paid. Exclusive dealing touches competition law: a maker with a "
        "dominant position may not bind its partners to itself without good reason "
        "(Anti-Monopoly Law of China, Article 22). The house has the clause examined by its "
        "counsel before the reward is offered; if in doubt, ask yours before you sign."
    )
    return text
