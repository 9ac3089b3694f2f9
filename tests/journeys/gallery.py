"""Which pages are pictured: a name, what it shows, who looks, and where the page is.

Addresses may hold {SQL} keys; IDS says how each is found in the demo world.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """One picture; `main` ones are taken narrow and in English, too."""

    name: str
    shows: str
    user: str
    path: str
    main: bool = False
    #: A key of pictures.STEPS: what is done on the page before the picture is taken.
    act: str = ""


#: Name in an address → SQL of the id.
IDS = {
    "d1": "SELECT id FROM distributor WHERE code = 'D1'",
    "d2": "SELECT id FROM distributor WHERE code = 'D2'",
    "place": "SELECT min(id) FROM ship_to",
    "county": "SELECT id FROM division WHERE code = '511083' AND valid_to IS NULL",
    "agreement": "SELECT min(id) FROM agreement_version WHERE state = 'approved'",
    "review_of_agreement": "SELECT max(id) FROM agreement_version WHERE state = 'review'",
    "order": "SELECT max(id) FROM sales_order WHERE state = 'closed'",
    "held": "SELECT max(id) FROM sales_order WHERE state = 'held'",
    "draft": "SELECT max(id) FROM sales_order WHERE state = 'draft'",
    "shipment": "SELECT max(id) FROM shipment WHERE state = 'invoiced'",
    "refused": "SELECT max(id) FROM shipment WHERE state = 'refused'",
    "exception": "SELECT min(id) FROM exception_request WHERE state = 'pending'",
    "invoice": "SELECT max(id) FROM invoice WHERE distributor_id = 1",
    "receipt": "SELECT max(id) FROM receipt",
    "book": "SELECT min(id) FROM price_book",
    "price": "SELECT min(id) FROM price_entry",
    "group": "SELECT min(id) FROM product_group",
    "product": "SELECT min(id) FROM product",
    "policy": "SELECT min(id) FROM rebate_policy",
    "run": "SELECT max(id) FROM rebate_run WHERE state = 'posted'",
    "statement": "SELECT max(s.id) FROM rebate_statement s JOIN distributor d"
    " ON d.id = s.distributor_id WHERE d.code = 'D4'",
    "report": "SELECT max(r.id) FROM inventory_report r JOIN distributor d"
    " ON d.id = r.distributor_id WHERE d.code = 'D1'",
    "user": "SELECT id FROM user_account WHERE email LIKE 'rep@%'",
}

SHOTS = (
    Shot("home", "Home of a channel manager: what waits first", "cm", "/", True),
    Shot("home-distributor", "Home of a distributor", "d1", "/", True),
    Shot("home-finance", "Home of finance", "fin", "/"),
    Shot("sign-in", "Sign-in", "", "/login", True),
    Shot("forgot", "A forgotten password", "", "/password/forgot"),
    Shot("inbox", "Approvals that wait for me", "cm2", "/inbox", True),
    Shot("exceptions", "Register of exceptions", "cm", "/exceptions"),
    Shot("exception", "An exception to decide", "cm2", "/exceptions/{exception}", True),
    Shot("exception-kinds", "Kinds of exceptions", "rep", "/exceptions/choose"),
    Shot(
        "exception-apply",
        "Applying from a refusal: filled in already",
        "rep",
        "/exceptions/new?type=minimum&kind=shipment&document={refused}&code=minimum.below",
        True,
    ),
    Shot("orders", "Orders", "cm", "/orders", True),
    Shot("orders-filtered", "Orders, filtered", "cm", "/orders?state=held&q=D3"),
    Shot(
        "order-new",
        "A new order with its verdict beside it",
        "d3",
        "/orders/new",
        True,
        act="order",
    ),
    Shot("order", "An order that was shipped", "cm", "/orders/{order}"),
    Shot("order-held", "An order on hold, with the reasons", "d3", "/orders/{held}", True),
    Shot("order-draft", "Changing a draft", "d1", "/orders/{draft}/edit"),
    Shot("shipments", "Shipments", "cm", "/shipments"),
    Shot("shipment-choose", "Planning a shipment: whose goods", "cm", "/shipments/new"),
    Shot(
        "shipment-new",
        "Planning a shipment from open lines",
        "cm",
        "/shipments/new/{d1}",
        act="open_lines",
    ),
    Shot("shipment-refused", "A shipment below the minimum", "rep", "/shipments/{refused}", True),
    Shot("shipment", "A shipment that was invoiced", "fin", "/shipments/{shipment}"),
    Shot("invoices", "Invoices", "fin", "/invoices", True),
    Shot("invoice", "An invoice with its payments", "fin", "/invoices/{invoice}"),
    Shot("receipts", "Receipts", "fin", "/receipts"),
    Shot("receipt", "A receipt and what it paid", "fin", "/receipts/{receipt}"),
    Shot("receipt-new", "Booking a receipt", "fin", "/receipts/new"),
    Shot("ageing", "Open items by age", "fin", "/ageing", True),
    Shot("credit", "Credit of all distributors", "fin", "/credit", True),
    Shot("credit-record", "Credit of one distributor", "fin", "/credit/{d1}", True),
    Shot("statements", "Rebate statements", "fin", "/rebates/statements"),
    Shot(
        "statement",
        "A statement and how its amount comes about",
        "fin",
        "/rebates/statements/{statement}",
        True,
    ),
    Shot(
        "statement-lines",
        "The invoice lines behind a statement",
        "fin",
        "/rebates/statements/{statement}/lines",
    ),
    Shot("standing", "Where a distributor stands in this quarter", "d1", "/rebates/standing", True),
    Shot("runs", "Rebate runs", "fin", "/rebates/runs"),
    Shot("run-new", "Proposing a run", "fin", "/rebates/runs/new"),
    Shot("run", "A rebate run", "fin", "/rebates/runs/{run}", True),
    Shot("run-export", "Exporting the statements of a run", "fin", "/rebates/runs/{run}/export"),
    Shot("run-job", "Progress of the PDFs", "fin", "/rebates/runs/{run}/export", act="job"),
    Shot("policies", "Rebate policies", "cm", "/rebates/policies"),
    Shot("policy", "A policy read aloud", "cm", "/rebates/policies/{policy}"),
    Shot("policy-new", "A new policy", "cm", "/rebates/policies/new"),
    Shot("stock", "Inventory reports", "cm", "/stock"),
    Shot("stock-missing", "Who has not filed", "cm", "/stock/missing"),
    Shot("stock-file", "Filing a report", "d1", "/stock/file"),
    Shot("stock-review", "The bad cells of a file", "d1", "/stock/file", True, act="upload"),
    Shot("stock-files", "Files not yet confirmed", "d1", "/stock/files"),
    Shot("stock-report", "A filed report with its advice", "d1", "/stock/{report}", True),
    Shot("agreements", "Agreements", "cm", "/agreements"),
    Shot("agreement", "An agreement's clauses", "cm", "/agreements/{agreement}", True),
    Shot(
        "agreement-approve",
        "A version that waits for a second person",
        "cm2",
        "/agreements/{review_of_agreement}",
    ),
    Shot("agreement-new", "Drafting an agreement", "cm", "/agreements/new"),
    Shot("distributors", "Distributors", "cm", "/distributors"),
    Shot("distributor", "A distributor", "cm", "/distributors/{d1}", True),
    Shot("distributor-edit", "Changing a distributor", "cm", "/distributors/{d1}/edit"),
    Shot("distributor-place", "A ship-to place", "cm", "/places/{place}"),
    Shot("territories", "Territories and who holds them", "cm", "/territories?at=511000"),
    Shot("territory", "A county", "cm", "/territories/{county}"),
    Shot(
        "territory-version",
        "A new name or code of a county",
        "admin",
        "/territories/{county}/version",
    ),
    Shot("products", "Products", "cm", "/products"),
    Shot("product", "A product", "cm", "/products/{product}"),
    Shot("product-edit", "Changing a product", "cm", "/products/{product}/edit"),
    Shot("product-groups", "Product groups", "cm", "/product-groups"),
    Shot("product-group", "A product group", "cm", "/product-groups/{group}"),
    Shot("price-books", "Price books", "cm", "/price-books"),
    Shot("price-book", "A price book", "cm", "/price-books/{book}"),
    Shot("price-propose", "Proposing a price", "cm", "/price-books/{book}/propose"),
    Shot("price", "A price over time", "cm", "/prices/{price}"),
    Shot("vat", "VAT rates by date", "fin", "/vat"),
    Shot("calendar", "Working days", "admin", "/calendar"),
    Shot("imports", "Imports", "admin", "/imports"),
    Shot("users", "Users", "admin", "/users"),
    Shot("user", "A user", "admin", "/users/{user}"),
    Shot("user-invite", "Inviting a user", "admin", "/users/invite"),
    Shot("maker", "The maker and its rules", "admin", "/maker"),
    Shot("audit", "Audit trail", "auditor", "/audit?q=SH-2026"),
    Shot("me", "My settings", "cm", "/me"),
    Shot("help", "Help", "cm", "/help"),
    Shot("search", "Search", "cm", "/search?q=D1"),
    Shot("palette", "Search by Ctrl-K from anywhere", "cm", "/orders", act="palette"),
    Shot("not-found", "No such page", "d1", "/orders/999999"),
)
