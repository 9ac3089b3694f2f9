"""What the approval engine says when it refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from channel.messages.texts import Text, register

register(
    {
        "approval.own_request": Text(
            _("Cannot approve own request."), _("Ask another approver to decide it.")
        ),
        "approval.wrong_role": Text(
            _("This request waits for %(needed)s; the role %(role)s does not decide it now."),
            _("Leave it to those roles."),
        ),
        "approval.already_decided": Text(
            _("This request is already closed (%(state)s)."),
            _("Reload the page to see the decision."),
        ),
        "approval.already_signed": Text(
            _("One person may not sign the same request twice."),
            _("Reassign the seat to a colleague."),
        ),
        "approval.already_seated": Text(
            _("This person is already asked to decide here."), _("Name somebody else.")
        ),
        "approval.seat_taken": Text(
            _("The signature of %(role)s is already given or no longer needed."),
            _("Nothing is left to do for this role."),
        ),
        "approval.not_yours": Text(
            _("This step is not yours to take."),
            _("Only the person it waits for, or the requester, can do this."),
        ),
        "approval.nobody_named": Text(
            _("Nobody is named to hand this over to."),
            _("Choose a person or, to add an approver, a role."),
        ),
        "approval.not_submitted": Text(
            _("This request is not submitted."), _("The requester has to submit it first.")
        ),
        "approval.already_submitted": Text(
            _("This request is already submitted."), _("Wait for the decision, or withdraw it.")
        ),
        "approval.expired": Text(_("This request has expired."), _("File a new one.")),
        "approval.no_band": Text(
            _("No approvers are set for requests of type %(subject)s."),
            _("Set an approval route from zero on."),
        ),
        "approval.band_gap": Text(
            _("Requests of type %(subject)s below %(lower)s have no approvers."),
            _("Add a band from zero."),
        ),
        "approval.band_twice": Text(
            _("Two approval bands of type %(subject)s begin at %(lower)s."), _("Keep one of them.")
        ),
    }
)
