"""The staff's pages on people, what they do, orders and segments: to look at. Changes come by the API,
save that customers are exported and erased here, and files of them and of orders are taken in.
"""

from customers.admin import events, imports, memberships, orders, people, segments

__all__ = ["events", "imports", "memberships", "orders", "people", "segments"]
