"""Products over REST."""

from typing import Any

import msgspec

from access.authentication import once
from catalog.actions import products
from catalog.actions.products import WrittenProduct
from catalog.domain.products import ProductState, product_errors
from catalog.queries.products import product_by_sku, products_page
from catalog.serializers.products import (
    BatchProduct,
    ImportProductsRequest,
    ProductResponse,
    product_response,
)
from common.answers import Answer, answer, etag_of
from common.api.batches import RowsResponse, read_rows, told_errors
from common.api.bodies import convert
from common.api.call import Call
from common.api.endpoint import Endpoint, operation
from common.api.pages import PAGE_QUERY, PageOf, cursor_of, limit_of, page
from common.api.paths import known_id_in_path, new_id_in_path
from common.errors import NotFound
from common.merge import merge_patch


class ProductsView(Endpoint):
    """All products."""

    scope = "catalog"

    @operation("List products by SKU", query=PAGE_QUERY, answers={200: PageOf[ProductResponse]})
    def get(self, call: Call) -> Answer:
        rows = products_page(after=cursor_of(call), limit=limit_of(call.query))
        return answer(200, page(rows, call=call, key=lambda row: row.sku, show=product_response))


class ProductView(Endpoint):
    """One product, by the shop's own id."""

    scope = "catalog"

    @operation("Read a product", answers={200: ProductResponse}, problems=["not_found"])
    def get(self, call: Call, *, sku: str) -> Answer:
        product = product_by_sku(known_id_in_path(sku))
        if product is None:
            raise NotFound("There is no such product.")
        return answer(200, product_response(product), etag=etag_of(product.pk, product.revision))

    @operation(
        "Create or replace a product",
        description=(
            "Absent fields take their defaults. It needs a name in one language at least, and a "
            "currency if it has a price."
        ),
        body=ProductState,
        answers={200: ProductResponse, 201: ProductResponse},
        problems=["precondition_failed"],
    )
    def put(self, call: Call, *, sku: str) -> Answer:
        new_id_in_path("sku", sku)

        def act() -> Answer:
            return _shown(
                products.put_product(
                    sku=sku,
                    state=call.body,
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            )

        return once(call, act)

    @operation(
        "Change fields of a product",
        description="A merge patch (RFC 7396): null puts a field back to its default.",
        body=ProductState,
        is_patch=True,
        answers={200: ProductResponse},
        problems=["not_found", "precondition_failed"],
    )
    def patch(self, call: Call, *, sku: str) -> Answer:
        known_id_in_path(sku)

        def act() -> Answer:
            return _shown(
                products.edit_product(
                    sku=sku,
                    edit=lambda state: _patched(state, call.body),
                    if_match=call.if_match,
                    actor=call.caller.actor,
                    now=call.now,
                )
            )

        return once(call, act)

    @operation(
        "Delete a product",
        description="Orders keep what they say of it; it is no longer recommended.",
        answers={204: None},
        problems=["not_found", "precondition_failed"],
    )
    def delete(self, call: Call, *, sku: str) -> Answer:
        known_id_in_path(sku)

        def act() -> Answer:
            products.delete_product(
                sku=sku, if_match=call.if_match, actor=call.caller.actor, now=call.now
            )
            return answer(204)

        return once(call, act)


class ProductBatchView(Endpoint):
    """Many products at once."""

    scope = "catalog"

    @operation(
        "Create or replace up to 1,000 products",
        body=ImportProductsRequest,
        rows=BatchProduct,
        answers={200: RowsResponse},
        description="Each good row is applied as `PUT` would; the others are reported.",
    )
    def post(self, call: Call) -> Answer:
        rows = read_rows(call.body.products, BatchProduct, id_name="sku", check=product_errors)
        states = {row.sku: row.state for row in rows.good.values()}

        def act() -> Answer:
            written = products.import_products(states=states, actor=call.caller.actor, now=call.now)
            return answer(
                200, RowsResponse(written.created, written.updated, told_errors(rows.errors))
            )

        return once(call, act)


def _patched(state: ProductState, patch: dict[str, Any]) -> ProductState:
    merged: ProductState = convert(merge_patch(msgspec.to_builtins(state), patch), ProductState)
    return merged


def _shown(written: WrittenProduct) -> Answer:
    return answer(
        201 if written.created else 200,
        product_response(written.product),
        etag=etag_of(written.product.pk, written.product.revision),
    )
