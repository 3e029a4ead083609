"""What the document says in words: how to begin, what holds everywhere, what each part is about."""

DESCRIPTION = """
Promotions, personal codes and their redemption for an online shop: the shop's server sends
customers, orders and carts, and gets back prices, reasons and money that adds up.

## First call

Make a key on the server (`make api-key`, or `python manage.py create_api_key NAME`); it is shown
once. Then:

```sh
curl {address}/api/v1/error-codes \\
  -H "Authorization: Bearer $KEY"
```

## What holds everywhere

- **JSON**, UTF-8, snake_case, no trailing slashes. `PUT`, `POST` and `PATCH` take
  `application/json`; `PATCH` is a merge patch (RFC 7396) and takes `application/merge-patch+json`
  too. Unknown fields and unknown query parameters are refused, so a typo is never silently
  ignored. Of a JSON name that stands twice in an object the last one counts.
- **Money** is a whole number of minor units of the currency (`1999` with `"EUR"` is 19.99 €);
  never a float. **Percentages** are decimal strings (`"12.5"`).
- **Times** are RFC 3339 with an offset, from 1900 up to 2199. Periods include their start and
  exclude their end.
- **Ids** of customers, orders, lines, products, promotions and segments are the shop's own:
  1-128 of letters, digits and `._:-`. An id that cannot be one is 404 where something is read or
  changed, and 422 where it would be made by `PUT`.
- **Languages**: `Accept-Language: de` or `en` (the default) chooses the language of every text.
- **Lists** have `?limit=` (1-200, default 50) and `?cursor=`, and answer `results` and
  `next_cursor`. They are in the order of their ids, unless they say otherwise, and a page starts
  after the last row of the one before: what is added or deleted meanwhile shifts nothing.
- **ETag**: answers for one resource carry one; a write with an `If-Match` that differs gets 412
  `precondition_failed` and does nothing. `If-Match: *` asks only that the resource exists.
- **Idempotency**: every `POST` honours an `Idempotency-Key`; where money or limits move it is
  required. See the header's description at each call. `PUT`, `PATCH` and `DELETE` may be repeated
  anyway, and do not look at it.
- **Bodies** are at most 64 MiB (413 `body_too_large`), a cart 1,000 lines and 10,000 units (413
  `cart_too_large`). Batches of rows answer 200 and apply each good row; also half of a surrogate
  pair, NUL or a number beyond all bounds spoil their own row alone.
- **Other methods** than those listed get 405 with `Allow`; `HEAD` is answered wherever `GET` is.

## Errors

Every error, whatever raised it, is a problem document (RFC 9457, `application/problem+json`).
Build on `code`: it never changes. `errors` names each wrong field by a JSON pointer; where a query
parameter or an id in the address is wrong, the pointer is its name (`/limit`, `/customer_id`).
`type` is the address of a page about the code. `GET /error-codes` lists all codes, with the reason
codes of the checkout, in German and English.

Of a call that is refused nothing is written. 409 `request_in_progress`, 429 and 503 say in
`Retry-After` when to come again; after a 5xx or a lost connection send the same call with the same
`Idempotency-Key`.
""".strip()

TAGS = {
    "customers": (
        "People as the shop knows them: what they agreed to, what they did, what they are members of. "
        "Customers have no `DELETE`, but can be erased. Whoever a write names for the first time (an "
        "order, an event, a code, a checkout) is created, empty."
    ),
    "segments": (
        "Groups of customers, the audiences of promotions: lists that the shop sends (`static`), and "
        "rules (`dynamic`). Checkout, `preview`, `explain` and a customer's segments evaluate rules "
        "live; `members` and `member_count` are as of `evaluated_at`."
    ),
    "orders": (
        "The purchase history. A `PUT` is the whole current state and may be repeated; orders have "
        "no `DELETE`. Returns give back each unit's own share of what was paid."
    ),
    "catalog": (
        "What the shop sells, so that it can be recommended (`GET /customers/{customer_id}/recommendations`). "
        "Carts and orders carry their own prices and categories: they need no product here."
    ),
    "promotions": (
        "Offers with their effect, conditions, audience and limits, and the codes that open them."
    ),
    "checkout": (
        "From the cart to the order: `validate` shows the price, a reservation holds it, a "
        "redemption uses it. Every answer adds up to the cent, and `GET /decisions/{decision_id}` "
        "tells why it is what it is."
    ),
    "cashback": (
        "Money that customers own: rules say what orders earn, partners may pay a share of it, and every "
        "cent is in a ledger that is only ever added to. What is due at an instant (cashback that becomes "
        "available, expires or comes back) counts from then on, whether or not it has been booked."
    ),
    "payouts": (
        "Cashback that leaves the shop: held from the request on, approved by somebody else, and handed "
        "to the bank in a file, or to Stripe. docs/payouts.md says what finance does with them. No key "
        "has this scope unless it was made with it."
    ),
    "campaigns": (
        "The right message, once, with consent: written, submitted, approved by somebody else, scheduled. "
        "Everybody who is meant has a row with what came of it, and a reason where nothing was sent. "
        "docs/campaigns.md tells the triggers and reasons, docs/letters.md how letters are written."
    ),
    "reports": (
        "What the shop as a whole should know. What became of one promotion or one campaign stands with it: "
        "`GET /promotions/{promotion_id}/report`, `GET /campaigns/{campaign_id}/report`."
    ),
    "webhooks": (
        "What happens here, told to the shop by signed POSTs (Standard Webhooks), each endpoint's in "
        "their order. docs/webhooks.md says how a receiver verifies them, and when they are tried "
        "again."
    ),
    "service": "Background jobs, the list of codes, this document, and the clock of tests.",
}
