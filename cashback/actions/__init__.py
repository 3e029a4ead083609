"""Acts on wallets, each inside the caller's transaction, at the instant `now` that the caller gives.

Every act locks the wallet first (`FOR NO KEY UPDATE`, sorted by id where there are several), then reads
its lots, books what is due by `now`, decides in `cashback.domain`, and writes all of it in one statement.
In the order of locks wallets come after the order and the customer's figures, and before customer
counts, codes, and the outbox. Whatever an act says, it says once: a second posting of the same event is
refused by the database (`cashback_posting_once`).

- `earn.earn(order=..., rules=..., now=...)`: what an order earns, pending. `earn.earn_all` for many.
- `dates.date_order(...)`: payment or delivery is told: from when on it may be spent.
- `due.touch(...)`: book what is due of one customer. `due.book_due(...)`: of all, in batches.
- `holds.hold(...)`, `holds.release(...)`, `holds.spend(...)`, `holds.spend_at_once(...)`: at checkout.
- `payouts.submit`, `payouts.pay`, `payouts.fail`: what becomes of a hold for a payout.
- `returns.restore(...)`, then `returns.take_back(...)`: when an order, or a part of it, comes back.
- `adjust.adjust(...)`: a person gives or takes, with a reason.
- `totals.roll_up(...)`: the shop's accounts, in background.
- `seal.seal(...)`: what is booked, in background. `seal.publish_head(...)`: once a day, where the chain ends.
"""
