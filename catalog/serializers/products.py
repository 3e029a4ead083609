"""What a product looks like from outside."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from catalog.domain.products import ProductState
from catalog.models import Product
from catalog.queries.products import state_of
from common.api.batches import MAX_ROWS
from common.fields import ShopId


class BatchProduct(ProductState, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a batch: as in `PUT /products/{sku}`."""

    sku: ShopId

    @property
    def state(self) -> ProductState:
        """Without its id."""
        return ProductState(
            **{name: getattr(self, name) for name in ProductState.__struct_fields__}
        )


class ImportProductsRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of `BatchProduct`, each read by itself."""

    products: Annotated[list[Any], Meta(min_length=1, max_length=MAX_ROWS)]


class ProductResponse(ProductState, frozen=True, kw_only=True):
    """A product. `sku` is not part of a `PUT`."""

    sku: ShopId


def product_response(product: Product) -> ProductResponse:
    """The product as its answer."""
    state = state_of(product)
    fields = {name: getattr(state, name) for name in ProductState.__struct_fields__}
    return ProductResponse(sku=product.sku, **fields)
