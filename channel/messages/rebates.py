"""What rebate policies, runs and statements say when they refuse, and how their acts read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages import rebates_rules  # noqa: F401  # registers the sentences of the engine
from channel.messages.acts import register_acts
from channel.messages.texts import WORDS, Text, register

register(
    {
        "rebate.policy.known": Text(
            _("A rebate policy %(code)s exists already."),
            _("Open it and write a new version, or choose another code."),
        ),
        "rebate.policy.state": Text(
            _("This version is %(state)s, so that is not possible now."),
            _("Reload the page; an approved version changes only by a new version."),
        ),
        "rebate.policy.own": Text(
            _("Who drafted or submitted a policy cannot approve it."),
            _("Ask a second person."),
        ),
        "rebate.policy.counts_from": Text(
            _("The first day lies within a period: the version counts from %(first)s on."),
            _("Choose the first day of a period to say so plainly."),
        ),
        "rebate.policy.kind_midway": Text(
            _("The kind of period changes on %(day)s, in the middle of a period."),
            _("Choose a day on which a period of the old kind and one of the new kind begin."),
        ),
        "rebate.policy.kind_posted": Text(
            _("Statements are posted up to %(until)s; another kind of period would pay twice."),
            _("Let the new version begin on that day or later."),
        ),
        "rebate.run.no_policy": Text(
            _("No approved policy settles the period %(period)s."),
            _("Approve a policy for this kind of period, valid from its first day or earlier."),
        ),
        "rebate.run.not_calendar": Text(
            _("%(period)s is not a calendar month, quarter, half-year or year."),
            _("Write 2026-10, 2026Q4, 2026H2 or 2026."),
        ),
        "rebate.run.unreadable": Text(
            _("«%(text)s» is not a period."), _("Write 2026-10, 2026Q4, 2026H2 or 2026.")
        ),
        "rebate.run.state": Text(
            _("This run is %(state)s, so that is not possible now."),
            _("Reload the page to see where it stands."),
        ),
        "rebate.run.own": Text(
            _("Who proposed a run cannot post it."), _("Ask a second person to post it.")
        ),
        "rebate.run.moved": Text(
            _("Somebody acted on this run after the posting was ordered; nothing was posted."),
            _("Look at the run again, then post it."),
        ),
        "rebate.run.outdated": Text(
            _("Statements of %(period)s were posted since this run was computed."),
            _("Propose the period again: the new run grants only the difference."),
        ),
        "rebate.run.lines_since": Text(
            _("%(lines)s invoice lines of the period were posted after this run was computed."),
            _("Propose again to take them in, or post: a later run grants the difference."),
        ),
        "rebate.group.name": Text(_("A group needs a name."), _("Write one.")),
        "rebate.group.known": Text(
            _("There is a group %(name)s already."), _("Open it, or choose another name.")
        ),
        "rebate.group.elsewhere": Text(
            _("%(distributor)s is in the group %(group)s on %(day)s or later."),
            _("End that membership first: one distributor is in one group at a time."),
        ),
        "rebate.group.left": Text(
            _("This membership has ended already."), _("Reload the page to see the members.")
        ),
        "rebate.group.not_yet": Text(
            _("The membership begins on %(day)s only."), _("Choose that day or a later one.")
        ),
        "rebate.run.paid_twice": Text(
            _("%(one)s and %(other)s pay the same lines to %(count)s distributors."),
            _("Say in one of them that it leaves out the lines of the other, or is reduced by it."),
        ),
        "rebate.run.no_baseline": Text(
            _("%(policy)s: %(count)s statements have no sales to measure growth from."),
            _("Type baselines and let a second person approve them, then propose again."),
        ),
        "rebate.run.no_target": Text(
            _("%(policy)s: %(count)s statements have no agreed target for the period."),
            _("Agree targets for its goods and period, then propose again."),
        ),
        "rebate.run.no_proof": Text(
            _("%(policy)s: %(count)s statements lack a proof that the policy asks for."),
            _("Record what is missing, then propose again; without it nothing is paid."),
        ),
        "rebate.run.true_ups": Text(
            _("%(count)s statements put settled periods right, by %(sum)s in all."),
            _("Each says why, and which documents or cases are new; what was posted stays."),
        ),
        "rebate.run.period_open": Text(
            _("The period ends on %(last)s; what is invoiced until then is not in this run."),
            _("A later run of the period grants the difference."),
        ),
        "rebate.statement.not_posted": Text(
            _("Only posted statements can be printed."), _("Post the run first.")
        ),
        "rebate.statement.not_made": Text(
            _("%(ready)s of %(total)s PDFs are made."), _("Make the missing ones, then export.")
        ),
    }
)

#: States inside facts are printed as words.
WORDS.setdefault("state", {}).update(
    {
        "draft": _("draft"),
        "review": _("in review"),
        "approved": _("approved"),
        "retired": _("retired"),
        "proposed": _("proposed"),
        "reviewed": _("reviewed"),
        "posted": _("posted"),
        "discarded": _("discarded"),
    }
)

register_acts(
    {
        "rebate_group:create": _("made the group"),
        "rebate_group:join": _("took in a member"),
        "rebate_group:leave": _("ended a membership"),
        "policy:draft": _("drafted the policy"),
        "policy:save": _("changed the draft"),
        "policy:submit": _("submitted for approval"),
        "policy:approve": _("approved the policy"),
        "policy:send_back": _("sent back to draft"),
        "policy:retire": _("gave up the draft"),
        "policy:revise": _("began a new version"),
        "rebate_run:propose": _("proposed the run"),
        "rebate_run:review": _("reviewed the run"),
        "rebate_run:discard": _("discarded the run"),
        "rebate_run:post": _("posted the run"),
        "rebate_run:print": _("ordered the PDFs"),
        "rebate_run:export": _("exported the statements"),
        "statement:print": _("printed the statement"),
    }
)
