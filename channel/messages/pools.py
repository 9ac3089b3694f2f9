"""Words of shared limits: kinds of pools, what was done to them, and what stands against an act."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import SUBJECTS, register_acts, register_fields, register_values
from channel.messages.credit_policies import FIRM
from channel.messages.states import register_states
from channel.messages.texts import Text, register

POOL_KINDS = {"group": _l("group of debtors"), "house": _l("budget of the house")}

register_states(
    {"group": (POOL_KINDS["group"], "azure"), "house": (POOL_KINDS["house"], "secondary")}
)

SUBJECTS["credit_pool"] = _l("shared limit")
register_acts(
    {
        "pool:open": _l("opened the shared limit"),
        "pool:join": _l("took a debtor into the shared limit"),
        "pool:leave": _l("ended the membership of a debtor"),
    }
)
register_fields({"member": _l("member"), "pool_kind": _l("kind")})
register_values({"pool_kind": POOL_KINDS})

register(
    {
        "credit.pool_over": Text(
            _l("The limit that is shared in «%(pool)s» would be exceeded by %(excess)s."),
            _l("Pay %(pay)s to release it, or apply for an exception."),
            FIRM,
        ),
        "pool.name": Text(
            _l("There is a shared limit «%(name)s» already."), _l("Choose another name.")
        ),
        "pool.house": Text(
            _l("The house has a budget in %(currency)s already: «%(name)s»."),
            _l("Propose another limit for it."),
        ),
        "pool.member_twice": Text(
            _l("%(member)s is in this group from %(start)s on already."),
            _l("End that membership first, or choose days outside it."),
        ),
        "pool.elsewhere": Text(
            _l("%(member)s shares the limit of «%(pool)s» in these days."),
            _l("A debtor shares the limit of one group at a time: end that membership first."),
        ),
        "pool.past": Text(
            _l("%(on)s is over: what was judged on it would have been judged otherwise."),
            _l("Choose today (%(today)s) or a later day."),
        ),
        "pool.span": Text(
            _l("The last day lies before the first, %(start)s."), _l("Choose a later last day.")
        ),
        "pool.house_members": Text(
            _l("The budget of the house has no members: everybody who owes counts."),
            _l("Open a group for some of the debtors."),
        ),
        "pool.kind_of_limit": Text(
            _l("A shared limit is fixed, replacing or seasonal."),
            _l("Guarantees and one-off limits belong to one debtor."),
        ),
        "limit.project_needed": Text(
            _l("A limit for a project names the project."), _l("Write its name.")
        ),
    }
)
