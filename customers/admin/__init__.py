"""The staff's pages on people, what they do, orders and segments: to look at. Changes come by the API,
save that customers are exported and erased here as well.
"""

from customers.admin import events, memberships, orders, people, segments

__all__ = ["events", "memberships", "orders", "people", "segments"]
