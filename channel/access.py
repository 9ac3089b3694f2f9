"""Who may do what: roles, permissions and the actor that every use case takes.

A route declares the permission, the use case demands it again, and each query adds the row scope.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """The desks of the house; a distributor's user is bound to one distributor."""

    CHANNEL_MANAGER = "channel_manager"
    FINANCE = "finance"
    SALES_REP = "sales_rep"
    OWNER = "owner"
    ADMIN = "admin"
    DISTRIBUTOR = "distributor"
    AUDITOR = "auditor"


class Permission(enum.StrEnum):
    """One value per thing that a route or a use case asks for."""

    HOME = "home"
    BOARD_READ = "board:read"
    USERS_MANAGE = "users:manage"
    SETTINGS_MANAGE = "settings:manage"
    AUDIT_READ = "audit:read"
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    TERRITORIES_READ = "territories:read"
    TERRITORIES_WRITE = "territories:write"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    PRICES_APPROVE = "prices:approve"
    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_WRITE = "agreements:write"
    AGREEMENTS_APPROVE = "agreements:approve"
    #: To say that a free duty was done; a distributor for its own.
    OBLIGATIONS_FULFIL = "obligations:fulfil"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    #: Goods without a price: given by the house, never taken by a distributor.
    ORDERS_FREE = "orders:free"
    SHIPMENTS_WRITE = "shipments:write"
    INVOICES_READ = "invoices:read"
    INVOICES_WRITE = "invoices:write"
    RECEIPTS_WRITE = "receipts:write"
    #: To let money count that came by another way than agreed.
    RECEIPTS_APPROVE = "receipts:approve"
    CREDIT_READ = "credit:read"
    CREDIT_WRITE = "credit:write"
    CREDIT_APPROVE = "credit:approve"
    #: What debtors share, and so what each of them has in use.
    CREDIT_POOLS = "credit:pools"
    #: To write the levels and to send letters.
    DUNNING_SEND = "dunning:send"
    PROMISES_LOG = "promises:log"
    #: To contest an invoice; a distributor its own.
    DISPUTES_OPEN = "disputes:open"
    DISPUTES_CLOSE = "disputes:close"
    #: Grades and score cards; a distributor sees its own grade only where the house says so.
    SCORES_READ = "scores:read"
    RISK_READ = "risk:read"
    EXCEPTIONS_READ = "exceptions:read"
    EXCEPTIONS_REQUEST = "exceptions:request"
    EXCEPTIONS_DECIDE = "exceptions:decide"
    CLOSING_READ = "closing:read"
    CLOSING_WRITE = "closing:write"
    CLOSING_REOPEN = "closing:reopen"
    STOCK_READ = "stock:read"
    STOCK_FILE = "stock:file"
    #: To let a report count whose differences are large; never one's own.
    STOCK_ACCEPT = "stock:accept"
    #: Counts of our own people at distributors; not for the distributor.
    STOCK_COUNTS_READ = "stock_counts:read"
    STOCK_COUNT = "stock_counts:record"
    #: To close what a gap opened.
    STOCK_COUNTS_CLEAR = "stock_counts:clear"
    REBATES_READ = "rebates:read"
    REBATES_WRITE = "rebates:write"
    REBATES_POST = "rebates:post"
    #: To ask that the pool be paid; a distributor its own.
    REBATES_USE = "rebates:use"
    STATEMENTS_EXPORT = "statements:export"
    #: A distributor declares for itself; nobody signs for it.
    EXCLUSIVITY_SIGN = "exclusivity:sign"
    EXCLUSIVITY_WITHDRAW = "exclusivity:withdraw"
    #: To sign a rebate statement for the distributor.
    STATEMENTS_CONFIRM = "statements:confirm"
    IMPORTS = "imports"
    SUPPORTS_READ = "supports:read"
    #: Budgets and seasons.
    SUPPORTS_WRITE = "supports:write"
    SUPPORTS_CLAIM = "supports:claim"
    SUPPORTS_PAY = "supports:pay"
    TARGETS_READ = "targets:read"
    TARGETS_WRITE = "targets:write"
    TARGETS_SIGN = "targets:sign"
    MARKET_READ = "market:read"
    #: What is seen outside: prices, incidents, promotions, displays, POP.
    MARKET_FILE = "market:file"
    #: Acknowledge, send notices, approve promotions, close.
    MARKET_HANDLE = "market:handle"
    #: To sign the consequence of a breach, as the second person.
    CONDUCT_SIGN = "conduct:sign"
    FREIGHT_READ = "freight:read"
    EXCHANGES_READ = "exchanges:read"
    #: To claim an exchange and to send its goods back; a distributor its own.
    EXCHANGES_FILE = "exchanges:file"
    EXCHANGES_DECIDE = "exchanges:decide"
    EXCHANGES_COUNT = "exchanges:count"
    EXCHANGES_SETTLE = "exchanges:settle"


_READ_ALL = {p for p in Permission if p.value.endswith(":read")} | {Permission.HOME}

#: What each role may do. An auditor reads all and changes nothing.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AUDITOR: frozenset(_READ_ALL | {Permission.CREDIT_POOLS}),
    Role.ADMIN: frozenset(
        _READ_ALL
        | {
            Permission.USERS_MANAGE,
            Permission.SETTINGS_MANAGE,
            Permission.CREDIT_POOLS,
            Permission.PARTNERS_WRITE,
            Permission.TERRITORIES_WRITE,
            Permission.CATALOGUE_WRITE,
            Permission.IMPORTS,
        }
    ),
    Role.OWNER: frozenset(
        _READ_ALL
        | {
            Permission.DISPUTES_CLOSE,
            Permission.EXCEPTIONS_DECIDE,
            Permission.AGREEMENTS_APPROVE,
            Permission.PRICES_APPROVE,
            Permission.CLOSING_WRITE,
            Permission.CLOSING_REOPEN,
            Permission.CREDIT_APPROVE,
            Permission.CREDIT_POOLS,
            Permission.RECEIPTS_APPROVE,
            Permission.REBATES_POST,
            Permission.STATEMENTS_EXPORT,
            Permission.TARGETS_SIGN,
            Permission.STOCK_COUNTS_CLEAR,
            Permission.MARKET_HANDLE,
            Permission.CONDUCT_SIGN,
            Permission.EXCHANGES_DECIDE,
            Permission.STOCK_ACCEPT,
        }
    ),
    Role.CHANNEL_MANAGER: frozenset(
        _READ_ALL - {Permission.AUDIT_READ}
        | {
            Permission.PROMISES_LOG,
            Permission.DISPUTES_OPEN,
            Permission.PARTNERS_WRITE,
            Permission.TERRITORIES_WRITE,
            Permission.CATALOGUE_WRITE,
            Permission.PRICES_APPROVE,
            Permission.AGREEMENTS_WRITE,
            Permission.AGREEMENTS_APPROVE,
            Permission.OBLIGATIONS_FULFIL,
            Permission.ORDERS_WRITE,
            Permission.ORDERS_FREE,
            Permission.SHIPMENTS_WRITE,
            Permission.CREDIT_WRITE,
            Permission.CREDIT_APPROVE,
            Permission.CREDIT_POOLS,
            Permission.EXCEPTIONS_REQUEST,
            Permission.SUPPORTS_WRITE,
            Permission.SUPPORTS_CLAIM,
            Permission.EXCEPTIONS_DECIDE,
            Permission.STOCK_COUNT,
            Permission.STOCK_COUNTS_CLEAR,
            Permission.STOCK_FILE,
            Permission.STOCK_ACCEPT,
            Permission.REBATES_WRITE,
            Permission.EXCLUSIVITY_WITHDRAW,
            Permission.REBATES_USE,
            Permission.IMPORTS,
            Permission.TARGETS_WRITE,
            Permission.TARGETS_SIGN,
            Permission.MARKET_FILE,
            Permission.MARKET_HANDLE,
            Permission.CONDUCT_SIGN,
            Permission.EXCHANGES_FILE,
            Permission.EXCHANGES_DECIDE,
            Permission.EXCHANGES_COUNT,
        }
    ),
    Role.FINANCE: frozenset(
        _READ_ALL
        | {
            Permission.DUNNING_SEND,
            Permission.PROMISES_LOG,
            Permission.DISPUTES_OPEN,
            Permission.DISPUTES_CLOSE,
            Permission.ORDERS_WRITE,
            Permission.ORDERS_FREE,
            Permission.SHIPMENTS_WRITE,
            Permission.INVOICES_WRITE,
            Permission.RECEIPTS_WRITE,
            Permission.RECEIPTS_APPROVE,
            Permission.CREDIT_WRITE,
            Permission.CLOSING_WRITE,
            Permission.CREDIT_APPROVE,
            Permission.CREDIT_POOLS,
            Permission.EXCEPTIONS_REQUEST,
            Permission.SUPPORTS_PAY,
            Permission.EXCEPTIONS_DECIDE,
            Permission.REBATES_WRITE,
            Permission.REBATES_POST,
            Permission.REBATES_USE,
            Permission.STATEMENTS_EXPORT,
            Permission.IMPORTS,
            Permission.EXCHANGES_COUNT,
            Permission.CONDUCT_SIGN,
            Permission.EXCHANGES_SETTLE,
        }
    ),
    Role.SALES_REP: frozenset(
        _READ_ALL - {Permission.AUDIT_READ}
        | {
            Permission.PROMISES_LOG,
            Permission.DISPUTES_OPEN,
            Permission.ORDERS_WRITE,
            Permission.SUPPORTS_CLAIM,
            Permission.EXCEPTIONS_REQUEST,
            Permission.STOCK_COUNT,
            Permission.STOCK_FILE,
            Permission.MARKET_FILE,
            Permission.EXCHANGES_FILE,
        }
    ),
    Role.DISTRIBUTOR: frozenset(
        {
            Permission.DISPUTES_OPEN,
            Permission.HOME,
            Permission.PARTNERS_READ,
            Permission.CATALOGUE_READ,
            Permission.AGREEMENTS_READ,
            Permission.OBLIGATIONS_FULFIL,
            Permission.ORDERS_READ,
            Permission.ORDERS_WRITE,
            Permission.INVOICES_READ,
            Permission.CREDIT_READ,
            Permission.SUPPORTS_READ,
            Permission.EXCEPTIONS_READ,
            Permission.EXCEPTIONS_REQUEST,
            Permission.STOCK_READ,
            Permission.STOCK_FILE,
            Permission.STATEMENTS_CONFIRM,
            Permission.REBATES_READ,
            Permission.EXCLUSIVITY_SIGN,
            Permission.EXCLUSIVITY_WITHDRAW,
            Permission.REBATES_USE,
            Permission.TARGETS_READ,
            Permission.MARKET_READ,
            Permission.MARKET_FILE,
            Permission.EXCHANGES_READ,
            Permission.EXCHANGES_FILE,
        }
    ),
}


@dataclass(frozen=True)
class Actor:
    """Who acts. `distributor_id` is set for a distributor's user and for nobody else."""

    user_id: int | None
    name: str
    role: Role
    distributor_id: int | None = None
    locale: str = "zh_CN"

    @property
    def is_distributor(self) -> bool:
        return self.role is Role.DISTRIBUTOR


class Forbidden(Exception):
    """The actor lacks the permission; pages answer 403 and the try is logged."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.value)
        self.permission = permission


class NotVisible(Exception):
    """The record is outside the actor's rows, or does not exist; pages answer 404."""


def may(actor: Actor, permission: Permission) -> bool:
    return permission in GRANTS[actor.role]


def require(actor: Actor, permission: Permission) -> None:
    """Raise Forbidden unless the actor's role grants the permission."""
    if not may(actor, permission):
        raise Forbidden(permission)


#: The machine itself: imports from the command line, jobs, the demo world.
SYSTEM = Actor(user_id=None, name="system", role=Role.ADMIN)
