"""Tables: people and consents, behaviour, memberships, orders and returns, segments, erasures, files."""

from customers.models.erasure import Erasure, Suppression
from customers.models.events import Event
from customers.models.imports import CustomerImport, OrderImport
from customers.models.memberships import Membership, MembershipPlan
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
    ContactPreference,
    Customer,
    Purpose,
)
from customers.models.recounts import MetricsRecount
from customers.models.segments import (
    RfmThreshold,
    Segment,
    SegmentMember,
    SegmentPassage,
    SegmentStamp,
)

__all__ = [
    "Channel", "Consent", "ConsentRecord", "ConsentState", "ContactPreference", "Customer",
    "CustomerImport",    "CustomerMetrics", "Erasure", "Event", "Membership", "MembershipPlan",
    "MetricsRecount", "Order", "OrderImport", "OrderLine", "OrderReturn", "OrderReturnLine", "Purpose", "RfmThreshold", "Segment",
    "SegmentMember", "SegmentPassage", "SegmentStamp", "Suppression",
]  # fmt: skip
