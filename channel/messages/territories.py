"""Sentences and acts about administrative divisions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from channel.messages.acts import register_acts, register_fields
from channel.messages.texts import Text, register

register_acts(
    {
        "division:create": _l("added the division"),
        "division:version": _l("gave the division a new name, code or parent"),
        "division:end": _l("ended the division"),
        "division:open": _l("offered the division as territory"),
        "division:shut": _l("took the division from the offer"),
    }
)

register_fields(
    {
        "parent_code": _l("division above"),
        "parts_moved": _l("divisions moved along"),
        "is_selectable": _l("offered as territory"),
    }
)

register(
    {
        "division.unknown": Text(
            _l("There is no division «%(value)s» on %(on)s."),
            _l("Type the six-digit code or the full name, and choose from the list."),
        ),
        "division.several": Text(
            _l("«%(value)s» is the name of several divisions: %(found)s."),
            _l("Type the six-digit code."),
        ),
        "division.code_shape": Text(
            _l("«%(value)s» is not a division code."), _l("A division code has six digits.")
        ),
        "division.code_taken": Text(
            _l("The code %(value)s belongs to %(name)s from %(since)s on."),
            _l("Choose another code, or another date."),
        ),
        "division.parent_needed": Text(
            _l("A %(level)s lies in another division, and a province in none."),
            _l("Choose the division above."),
        ),
        "division.parent_level": Text(
            _l("A %(level)s cannot lie in %(parent)s."),
            _l("A prefecture lies in a province; a county in a prefecture or a province."),
        ),
        "division.too_early": Text(
            _l("%(code)s %(name)s holds since %(since)s; the change must come later."),
            _l("Choose a later date."),
        ),
        "division.ended": Text(
            _l("%(code)s %(name)s has ended on %(until)s."),
            _l("Open the division that took its place."),
        ),
        "division.has_parts": Text(
            _l("%(code)s %(name)s still has %(count)s divisions below it on that day."),
            _l("End them first, or move them elsewhere."),
        ),
        "division.unchanged": Text(
            _l("Name, code and parent are as before."), _l("Change at least one of them.")
        ),
    }
)
