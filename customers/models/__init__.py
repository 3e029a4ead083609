"""Tables: people and consents, orders and returns, segments."""

from customers.models.orders import (
    CustomerMetrics,
    Order,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
)
from customers.models.people import (
    Channel,
    Consent,
    ConsentRecord,
    ConsentState,
    Customer,
    Purpose,
)
from customers.models.segments import Segment, SegmentMember

__all__ = [
    "Channel", "Consent", "ConsentRecord", "ConsentState", "Customer", "CustomerMetrics", "Order", "OrderLine", "OrderReturn",
    "OrderReturnLine", "Purpose", "Segment", "SegmentMember",
]  # fmt: skip
