"""A use case's refusal shown where it belongs: at the field that must be mended."""

from __future__ import annotations

from collections.abc import Mapping

from channel.messages import remedy, sentence
from channel.services.work import Refused
from channel.web.forms.fields import Form
from channel.web.pages import flash_refusal


def show_refusal(form: Form, refused: Refused, places: Mapping[str, str]) -> None:
    """Hang each finding on the field that `places` names for its code; the rest are flashed.

    A key that ends in a full stop stands for all codes that begin with it.
    """
    rest = []
    for finding in refused.findings:
        name = places.get(finding.code) or places.get(f"{finding.family}.")
        field = form._fields.get(name or "")
        if field is None:
            rest.append(finding)
        else:
            text = " ".join(filter(None, [sentence(finding), remedy(finding)]))
            field.errors = [*field.errors, text]
    if rest:
        flash_refusal(Refused(rest))
