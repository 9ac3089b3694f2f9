"""What the form library says of a wrong field, in the words of the house.

Its own Chinese is bookish and in places wrong; what is not listed here is still taken from it.
"""

from __future__ import annotations

from flask_babel import get_domain, gettext, lazy_gettext, lazy_ngettext
from flask_wtf.i18n import translations as built_in

#: Never printed from here: the list tells the catalogue which sentences the library has.
KNOWN = (
    lazy_gettext("This field is required."),
    lazy_gettext("Invalid input."),
    lazy_gettext("Invalid email address."),
    lazy_gettext("Field must be equal to %(other_name)s."),
    lazy_gettext("Field must be between %(min)d and %(max)d characters long."),
    lazy_gettext("Number must be at least %(min)s."),
    lazy_gettext("Number must be at most %(max)s."),
    lazy_gettext("Number must be between %(min)s and %(max)s."),
    lazy_gettext("Invalid Choice: could not coerce."),
    lazy_gettext("Invalid choice(s): one or more data inputs could not be coerced."),
    lazy_gettext("Not a valid choice."),
    lazy_gettext("Not a valid integer value."),
    lazy_gettext("Not a valid decimal value."),
    lazy_gettext("Not a valid date value."),
    lazy_ngettext(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
        1,
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        1,
    ),
    lazy_ngettext(
        "Field must be exactly %(max)d character long.",
        "Field must be exactly %(max)d characters long.",
        1,
    ),
    lazy_ngettext(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
        1,
    ),
)


class Sentences:
    """The translator that forms ask: our catalogue first, then the library's."""

    def gettext(self, text: str) -> str:
        ours = gettext(text)
        return ours if ours != text else str(built_in.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        # Not flask_babel's ngettext: that fills in figures, which the library does afterwards.
        ours = str(get_domain().get_translations().ungettext(one, many, n))
        return ours if ours not in (one, many) else str(built_in.ngettext(one, many, n))


SENTENCES = Sentences()
