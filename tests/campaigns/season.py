"""A season of a shop over REST: two campaigns, people who click or not, orders, returns, cancellations.

It is told as the reference wants it: messages and orders as dicts, read back over REST.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from campaigns.models import Delivery, Response
from tests.api import HOUR, NOON
from tests.campaigns.shop import Marketing, at

WINDOW_DAYS = 7
MARGIN_PERCENT = 35
#: By the currency of the product.
COSTS = {("TEA", "EUR"): 420, ("CUP", "EUR"): 0, ("TEA", "CHF"): None}
PRICES = {"TEA": 1299, "CUP": 899, "POT": 4950}
SENT_AT = NOON + HOUR
CODED = {
    "de": {"subject": "Für dich", "body": "{{ code }}"},
    "en": {"subject": "For you", "body": "{{ code }}"},
}
OTHER = {"de": {"subject": "B", "body": "{{ code }}"}, "en": {"subject": "B", "body": "{{ code }}"}}


class Season:
    """The same for the same seed."""

    def __init__(self, marketing: Marketing, *, people: int, seed: int) -> None:
        self.marketing, self.api, self.draw = marketing, marketing.api, random.Random(seed)
        self.names = [f"c{number:03}" for number in range(people)]
        self._orders = 0
        #: By order, what was redeemed with it.
        self._codes: dict[str, list[str]] = {}

    def open(self) -> None:
        """Products, offers, cashback, people who want mail, and two campaigns that went out."""
        self._make("PUT", "/products/TEA", name={"en": "Tea"}, unit_cost=420, currency="EUR")
        self._make("PUT", "/products/CUP", name={"en": "Cup"}, unit_cost=0, currency="EUR")
        self._make("PUT", "/products/POT", name={"en": "Pot"}, price=4950, currency="EUR")
        self._make("PUT", "/cashback/partners/acme", name="Acme", share_percent="30")
        self._make("PUT", "/cashback/rules/basis", name="Basis", percent="2.5")
        gift = {"kind": "percentage", "percent": "15", "on": "order"}
        self._make("PUT", "/promotions/gift", name="Gift", status="active", effect=gift)
        self._make(
            "PUT", "/promotions/ship", name="Ship", status="active", activation="automatic", currency="EUR",
            effect={"kind": "free_shipping"}, conditions={"min_subtotal": 5000},
        )  # fmt: skip
        people = [
            {"customer_id": name, "email": f"{name}@example.org", "locale": "en"}
            for name in self.names
        ]
        self._make("POST", "/customers/batch", customers=people)
        for name in self.names[::2]:
            self.marketing.customer(name)
        variants = [{"name": "b", "percent": "50", "content": OTHER}]
        self.marketing.campaign(
            "gift", promotion_id="gift", content=CODED, variants=variants, holdout_percent="45"
        )
        self.marketing.campaign("news", trigger={"kind": "once", "at": at(SENT_AT)})
        for name in ("gift", "news"):
            self.marketing.start(name)
        self.marketing.run(NOON)
        self.marketing.run(SENT_AT)
        for row in Delivery.objects.filter(state="accepted").order_by("pk"):
            self._respond(row)

    def buy(self, orders: int) -> None:
        """So many orders, of members and guests, within and without the windows; some come back."""
        codes = {each["customer"]: each["code"] for each in self.messages() if each["code"]}
        for _ in range(orders):
            self._orders += 1
            name, placed = f"o{self._orders:04}", self._moment()
            customer = self.draw.choice(self.names) if self.draw.random() < 0.95 else None
            code = codes.pop(customer, None) if self.draw.random() < 0.6 else None
            if code is not None:
                self._redeem(name, customer, code, placed)
            else:
                self._order(name, customer, placed)

    def messages(self) -> list[dict[str, Any]]:
        """Every row, as the reference wants it."""
        rows = Delivery.objects.select_related("campaign", "customer", "code").order_by("pk")
        clicks: dict[int, list[Any]] = {row.pk: [] for row in rows}
        for click in Response.objects.filter(kind="click").order_by("pk"):
            clicks[click.delivery_id].append((click.at, click.agent))
        return [
            {
                "campaign": row.campaign.reference, "customer": row.customer.reference,
                "number": row.pk, "variant": row.variant, "held_out": row.state == "held_out",
                "due": NOON if row.campaign.reference == "gift" else SENT_AT,
                "code": row.code.spelling if row.code else None, "clicks": clicks[row.pk],
            }
            for row in rows
            if row.campaign
        ]  # fmt: skip

    def orders(self) -> list[dict[str, Any]]:
        """Every order as the API tells it, in the reference's words."""
        return [self._told(order) for order in self._all("/orders")]

    def _told(self, order: dict[str, Any]) -> dict[str, Any]:
        credit = order["cashback"] or {"earned": 0, "reversed": 0}
        kept = credit["earned"] - credit["reversed"]
        if order["partner_id"] is not None:
            kept -= (2 * kept * 30 + 100) // 200
        return {
            "order": order["order_id"], "customer": order["customer_id"],
            "currency": order["currency"], "status": order["status"],
            "placed_at": datetime.fromisoformat(order["placed_at"]),
            "codes": self._codes.get(order["order_id"], []), "cashback": kept,
            "shipping_discount": order["shipping_discount"],
            "lines": [
                {
                    "sku": line["sku"], "quantity": line["quantity"],
                    "unit_price": line["unit_price"], "discount": line["discount_amount"],
                    "returned": line["returned_quantity"],
                }
                for line in order["lines"]
            ],
        }  # fmt: skip

    def _all(self, path: str) -> list[dict[str, Any]]:
        rows, cursor = [], ""
        while True:
            page = self.api.get(f"{path}?limit=200{cursor}")
            rows += page["results"]
            if page["next_cursor"] is None:
                return rows
            cursor = f"&cursor={page['next_cursor']}"

    def _make(self, method: str, path: str, **body: Any) -> None:
        made = getattr(self.api, method.lower())(path, body)
        assert made.status in {200, 201}, made.body

    def _respond(self, row: Delivery) -> None:
        """Opens and clicks of everybody's sort."""
        for _ in range(self.draw.choice((0, 1, 1, 2, 3))):
            agent = self.draw.choice(("human", "human", "unknown", "proxy", "bot"))
            kind = "click" if agent in {"human", "bot"} and self.draw.random() < 0.7 else "open"
            when = SENT_AT + timedelta(minutes=self.draw.randrange(60 * 24 * 6))
            link = 0 if kind == "click" else None
            Response.objects.create(delivery=row, kind=kind, at=when, agent=agent, link=link)
        if self.draw.random() < 0.05:
            Response.objects.create(
                delivery=row, kind="unsubscribe", at=SENT_AT + HOUR, agent="human"
            )

    def _moment(self) -> datetime:
        return SENT_AT + timedelta(minutes=self.draw.randrange(1, 60 * 24 * 10))

    def _lines(self) -> list[dict[str, Any]]:
        skus = self.draw.sample(sorted(PRICES), self.draw.choice((1, 1, 2, 3)))
        return [
            {
                "line_id": sku, "sku": sku, "quantity": self.draw.choice((1, 1, 2, 3)),
                "unit_price": PRICES[sku],
            }
            for sku in skus
        ]  # fmt: skip

    def _redeem(self, name: str, customer: str | None, code: str, placed: datetime) -> None:
        cart = {
            "order_id": name, "customer_id": customer, "currency": "EUR", "codes": [code],
            "shipping_amount": 495, "lines": self._lines(), "at": at(placed),
        }  # fmt: skip
        redeemed = self.api.post("/checkout/redemptions", cart)
        assert redeemed.status == 201, redeemed.body
        self._codes[name] = [offer["code"] for offer in redeemed["applied"] if offer["code"]]
        end = self.draw.choice(("placed", "paid", "paid", "shipped", "cancelled"))
        if end != "placed":
            self._status(name, customer, "EUR", cart["lines"], end, placed)
        self._return(name, cart["lines"], end, placed)

    def _order(self, name: str, customer: str | None, placed: datetime) -> None:
        lines = self._lines()
        for line in lines:
            if self.draw.random() < 0.4:
                line["discount_amount"] = self.draw.randrange(line["quantity"] * line["unit_price"])
        currency = self.draw.choice(("EUR",) * 6 + ("CHF",))
        end = self.draw.choice(("placed", "paid", "paid", "shipped", "delivered", "cancelled"))
        partner = "acme" if self.draw.random() < 0.3 else None
        self._status(name, customer, currency, lines, end, placed, partner_id=partner)
        self._return(name, lines, end, placed)

    def _status(
        self, name: str, customer: str | None, currency: str, lines: Any, status: str,
        placed: datetime, **more: Any,
    ) -> None:  # fmt: skip
        self._make(
            "PUT", f"/orders/{name}", customer_id=customer, currency=currency, status=status,
            placed_at=at(placed), lines=lines, at=at(placed + HOUR), **more,
        )  # fmt: skip

    def _return(self, name: str, lines: Any, status: str, placed: datetime) -> None:
        """Part of every fourth order, all of every twelfth."""
        draw = self.draw.random()
        if status == "cancelled" or draw > 0.33:
            return
        back = lines if draw < 0.08 else lines[:1]
        units = [
            {
                "line_id": line["line_id"],
                "quantity": line["quantity"] if draw < 0.08 else 1,
            }
            for line in back
        ]
        self._make(
            "POST", f"/orders/{name}/returns", return_id="r", lines=units,
            at=at(placed + 2 * HOUR),
        )  # fmt: skip
