"""The rooms of collection as tabs: proposals, letters, promises, disputes, figures, statements."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from channel.access import Permission, may
from channel.web.pages import actor

#: (endpoint, label, permission, whether a distributor has it)
ROOMS = (
    ("dunning.index", _l("Proposals"), Permission.CREDIT_READ, False),
    ("dunning.letters", _l("Letters"), Permission.CREDIT_READ, True),
    ("promises.index", _l("Promises"), Permission.CREDIT_READ, True),
    ("disputes.index", _l("Disputes"), Permission.CREDIT_READ, True),
    ("collection.index", _l("Collection figures"), Permission.CREDIT_READ, False),
    ("statements.index", _l("Statements in batch"), Permission.STATEMENTS_EXPORT, False),
)


def tabs() -> list[dict[str, Any]]:
    """What the reader may open of them."""
    return [
        {"url": url_for(endpoint), "label": label, "here": request.endpoint == endpoint}
        for endpoint, label, permission, is_shared in ROOMS
        if may(actor(), permission) and (is_shared or not actor().is_distributor)
    ]
