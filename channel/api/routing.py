"""How a route joins the interface: its permission, its parameters and its words in one place.

What is declared here is enforced before the view runs and printed in the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, g, request

from channel.access import Actor, Permission, require
from channel.services.work import Refused
from contracts.values.findings import Finding, block

bp = Blueprint("api", __name__, url_prefix="/api/v1")

View = Callable[..., Any]
#: An amount of data that no honest document reaches.
LINES_MAX = 500
#: Codes and keys hold no blanks, slashes or control characters.
KEY_PATTERN = r"^[A-Za-z0-9._:-]+$"


@dataclass(frozen=True)
class Query:
    """A parameter of the address. `kind`: text, date, integer, or choice with its words."""

    name: str
    kind: str
    words: str
    choices: tuple[str, ...] = ()

    def problem(self, value: str) -> Finding | None:
        """Why the value cannot be read, if it cannot."""
        if self.kind == "date":
            try:
                is_good = len(value) == 10 and bool(date.fromisoformat(value))
            except ValueError:
                is_good = False
        elif self.kind == "integer":
            is_good = value.isascii() and value.isdecimal() and 0 < int(value) < 1_000_000
        elif self.kind == "choice":
            is_good = all(part in self.choices for part in value.split(","))
        else:
            is_good = len(value) <= 200 and "\0" not in value and value.isprintable()
        return None if is_good else block("api.parameter", self.name, value=value[:80])


@dataclass(frozen=True)
class Route:
    """One operation, as the document prints it."""

    rule: str
    method: str
    permission: Permission
    summary: str
    view: View
    queries: tuple[Query, ...] = ()
    #: Names of schemas in the document: of the body sent, and of the answer.
    takes: str = ""
    gives: str = ""
    statuses: Mapping[int, str] = field(default_factory=dict)


ROUTES: list[Route] = []


def route(
    rule: str,
    permission: Permission,
    summary: str,
    *,
    method: str = "GET",
    queries: tuple[Query, ...] = (),
    takes: str = "",
    gives: str = "",
    statuses: Mapping[int, str] | None = None,
) -> Callable[[View], View]:
    """Add an operation: the actor must hold the permission, the parameters must be readable."""

    def decorate(view: View) -> View:
        def guarded(**values: Any) -> Any:
            require(actor(), permission)
            found = [
                problem
                for query in queries
                if (value := request.args.get(query.name)) is not None
                and (problem := query.problem(value)) is not None
            ]
            if found:
                raise Refused(found)
            return view(**values)

        guarded.permission = permission  # type: ignore[attr-defined]
        bp.add_url_rule(rule, view.__name__, guarded, methods=[method])
        ROUTES.append(
            Route(rule, method, permission, summary, view, queries, takes, gives, statuses or {})
        )
        return view

    return decorate


def actor() -> Actor:
    """For whom the token acts."""
    who: Actor = g.api_actor
    return who


def asked() -> dict[str, str]:
    """The parameters of the address that carry something."""
    return {name: value for name, value in request.args.items() if value}
