"""Bodies of the checkout."""

from typing import Annotated

from msgspec import Meta, Struct

from common.cart import Cart
from common.fields import ShopId

Seconds = Annotated[int, Meta(ge=60, le=86_400)]
ReservationId = Annotated[str, Meta(max_length=64, examples=["rsv_0199..."])]


class ReserveRequest(Cart, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A cart to hold, and for how long."""

    ttl_seconds: Seconds = 900


class ChangeReservationRequest(Cart, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another cart for a hold; its end moves only if `ttl_seconds` is sent."""

    ttl_seconds: Seconds | None = None


class ExtendReservationRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """How long from now."""

    ttl_seconds: Seconds


class RedeemReservationRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A promised price, and the order that it is for."""

    reservation_id: ReservationId
    order_id: ShopId


class RedeemCartRequest(Cart, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole cart and its order, without a reservation before."""

    order_id: ShopId
