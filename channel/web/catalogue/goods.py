"""Pages about products and product groups."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.catalogue import ProductGroup
from channel.queries import audit, catalogue_margins, partners
from channel.queries import catalogue as reads
from channel.queries import catalogue_lists as listings
from channel.services import catalogue as service
from channel.services.catalogue import ProductFacts
from channel.services.work import Refused
from channel.web import lists
from channel.web.catalogue.blueprint import bp, goods_tabs
from channel.web.forms.catalogue import GroupForm, ProductForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, show

PLACES = {
    "goods.code_taken": "code",
    "product.group_unknown": "group_id",
    "product.vat_unknown": "vat_class",
}


def _may_write() -> bool:
    return may(actor(), Permission.CATALOGUE_WRITE)


@page(bp, "/products", Permission.CATALOGUE_READ)
def products() -> Any:
    actions = []
    if _may_write():
        actions.append(
            {"url": url_for("catalogue.new_product"), "icon": "plus", "label": _("New product")}
        )
    return lists.answer(listings.PRODUCTS, actions=actions, tabs=goods_tabs("catalogue.products"))


def _offer(form: ProductForm) -> None:
    form.group_id.choices = [("", _("choose")), *reads.group_choices()]
    form.vat_class.choices = reads.vat_choices()


def _facts(form: ProductForm) -> ProductFacts:
    return ProductFacts(**{n: form[n].data for n in ProductFacts.__dataclass_fields__})


@page(bp, "/products/new", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def new_product() -> Any:
    form = ProductForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            record_id = service.create_product(actor(), _facts(form))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The product is opened. Propose its price in a price book next."), "success")
            return see_other("catalogue.product", id=record_id)
    status = 422 if form.is_submitted() else 200
    return show("catalogue/product_form.html", form=form, product=None), status


@page(bp, "/products/<int:id>", Permission.CATALOGUE_READ)
def product(id: int) -> Any:
    record, today = reads.get_product(id), clock.today()
    staff = not actor().is_distributor
    rates = [r for r in reads.vat_table() if r.vat_class == record.vat_class]
    return show(
        "catalogue/product.html",
        product=record,
        today=today,
        rate_bp=reads.vat_rate_bp(record.vat_class, today),
        rates=rates,
        prices=reads.prices_of(id) if staff else [],
        suggested=catalogue_margins.bands([id], partners.get_maker().currency, today).get(id),
        staff=staff,
        entries=audit.history("product", id) if staff else [],
    )


@page(bp, "/products/<int:id>/edit", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def edit_product(id: int) -> Any:
    record = reads.get_product(id)
    form = ProductForm(obj=record)
    _offer(form)
    if form.validate_on_submit():
        try:
            service.save_product(actor(), id, _facts(form))
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("catalogue.product", id=id)
    status = 422 if form.is_submitted() else 200
    return show("catalogue/product_form.html", form=form, product=record), status


@page(bp, "/product-groups", Permission.CATALOGUE_READ)
def groups() -> Any:
    actions = []
    if _may_write():
        actions.append(
            {"url": url_for("catalogue.new_group"), "icon": "plus", "label": _("New product group")}
        )
    return lists.answer(listings.GROUPS, actions=actions, tabs=goods_tabs("catalogue.groups"))


@page(bp, "/product-groups/new", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def new_group() -> Any:
    return _group(None)


@page(bp, "/product-groups/<int:id>", Permission.CATALOGUE_READ, methods=("GET", "POST"))
def group(id: int) -> Any:
    return _group(reads.get_record(ProductGroup, id))


def _group(record: ProductGroup | None) -> Any:
    form = GroupForm(obj=record)
    if form.validate_on_submit():
        try:
            service.save_group(
                actor(), record and record.id, form.code.data or "", form.name.data or ""
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("catalogue.groups")
    status = 422 if form.is_submitted() else 200
    entries = audit.history("product_group", record.id) if record else []
    return show("catalogue/group.html", form=form, group=record, entries=entries), status
