"""Parameters of the document: ids in addresses, and the headers that every caller may send."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta

from common.api.endpoint import Operation
from common.fields import Instant, ShopId

Schema = dict[str, Any]


def _made_id(prefix: str) -> Any:
    text = f"{prefix}_0199a1b2c3d47e5f8a9b0c1d2e000001"
    return Annotated[str, Meta(pattern=f"^{prefix}_[0-9a-f]{{32}}$", examples=[text])]


def _shop_id(example: str) -> Any:
    return Annotated[ShopId, Meta(examples=[example])]


_CODE = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="The code in any spelling: case, spaces and hyphens make no difference.",
        examples=["SPRING-7KQ2"],
    ),
]
#: What stands in an address in braces, by its name there.
IN_PATH: Mapping[str, Any] = {
    "customer_id": _shop_id("c1"),
    "order_id": _shop_id("o1"),
    "promotion_id": _shop_id("spring"),
    "sku": _shop_id("TEA-1"),
    "campaign_id": _shop_id("win-back"),
    "slot": _shop_id("home-top"),
    "subscription_id": _shop_id("phone"),
    "segment_id": _shop_id("regulars"),
    "plan_id": _shop_id("tea-club"),
    "endpoint_id": _shop_id("shop"),
    "rule_id": _shop_id("basis"),
    "partner_id": _shop_id("acme"),
    "code": _CODE,
    "reservation_id": _made_id("rsv"),
    "redemption_id": _made_id("red"),
    "decision_id": _made_id("dec"),
    "batch_id": _made_id("bat"),
    "import_id": _made_id("imp"),
    "export_id": _made_id("aud"),
    "job_id": _made_id("job"),
    "payout_id": _made_id("pay"),
    "sepa_file_id": _made_id("sep"),
    "channel": Literal["email", "sms", "push", "in_app", "ads"],
    "purpose": Literal["marketing", "profiling", "tracking"],
}
AT_DESCRIPTION = (
    "Test clock: the call is evaluated as if it were this instant. Only services that were started "
    "with `TEST_CLOCK=1` take it; all others answer 403 `test_clock_disabled`."
)
AT = Annotated[Instant, Meta(description=AT_DESCRIPTION)]

_IDEMPOTENCY_KEY = (
    "Makes the call safe to repeat: the same key with the same body gets the first answer again, "
    "byte for byte, with `Idempotency-Replayed: true`. Quoted or bare. It belongs to the API key, "
    "the method and the path, and is kept for 30 days. Bodies are compared as parsed JSON. "
    "Answers 2xx and the refusals `offers_not_applicable`, `return_exceeds_order` and "
    "`cashback_insufficient` bind the key; after anything else it is free again."
)
_IF_MATCH = (
    "The `ETag` that the caller last saw. If the resource has changed since, nothing is written "
    "and the answer is 412 `precondition_failed`. Without this header the last write wins."
)
_LANGUAGE = "The language of every text of the answer: `de` or `en`, which is the default."
_REQUEST_ID = (
    "Up to 128 visible ASCII characters, echoed in the answer and in every log line of the call. "
    "Without it, or with another form, the service makes one."
)


def header_parameters(method: str, op: Operation) -> list[Schema]:
    """The request headers that mean something to this operation."""
    made = []
    if "precondition_failed" in op.problems:
        made.append(_header("If-Match", _IF_MATCH, '"7-3"'))
    if method == "POST":
        form = {"minLength": 16, "maxLength": 257, "pattern": "^[ -~]+$"}
        key = _header("Idempotency-Key", _IDEMPOTENCY_KEY, "order-4711-redeem", **form)
        made.append({**key, "required": op.key == "required"})
    made.append(_header("Accept-Language", _LANGUAGE, "de", default="en"))
    made.append(_header("X-Request-Id", _REQUEST_ID, "storefront-4711"))
    return made


def _header(name: str, description: str, example: str, **form: Any) -> Schema:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string", **form, "examples": [example]},
    }
