"""What an agreement says of replies to rebate statements, as a part of its form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from channel.web.forms.fields import ChoiceField, Form
from contracts.clauses import Replies

#: What silence means, in words.
SILENCE_WORDS = {
    "confirms": _l("silence confirms the statement"),
    "open": _l("silence does not confirm the statement"),
}


class RepliesFields(Form):
    """Left blank, the house's rule holds."""

    reply_days = IntegerField(
        _l("days to object to a rebate statement"), [Optional(), NumberRange(0, 365)]
    )
    reply_silence = ChoiceField(
        _l("when nobody objects in time"),
        choices=[("", _l("as the house has it")), *SILENCE_WORDS.items()],
    )

    def replies(self) -> Replies:
        """The clause as typed."""
        return Replies(self.reply_days.data, self.reply_silence.data or None)

    def fill_replies(self, clause: Replies) -> None:
        """Show a stored clause in the fields."""
        self.reply_days.data, self.reply_silence.data = clause.days, clause.silence or ""
