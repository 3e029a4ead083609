"""The main job, step by step over HTTP: every answer is shown, and held against what must come."""

from collections.abc import Sequence
from typing import Any

from config.demo.carts import SHIPPING, cart_of
from config.demo.client import Exchange, Storefront
from config.demo.offers.personal import TEA_20
from config.demo.replies import ORDER, Replies
from config.demo.screen import Screen

# Worked out by hand: 20 % of 2 x 14.99 is 599.6 cents, of 8.99 is 179.8; each line is rounded once.
SUBTOTAL = 2 * 1499 + 899
DISCOUNTS = [600, 180]
DISCOUNT = sum(DISCOUNTS)
TOTAL = SUBTOTAL - DISCOUNT + SHIPPING
# One of two units comes back, with its even share of the 6.00.
DISCOUNT_BACK = 300
REFUND = 1499 - DISCOUNT_BACK
# 2 % of what was paid for the goods, 3,117 cents, rounded once: 47.70 and 14.30 of these come from the
# lines. Half of the first line comes back.
EARNED = 62
EARNED_BACK = 24
MINIMUM = 3000

# Three herbal teas for 15.00 instead of 21.00; from 49.00 the delivery is free, from 60.00 there is
# a gift. A code for green tea would take 2 x 2.00, but may not stand beside the three.
MANY = (("TEE-GYOKURO", 2), ("TEE-KAMILLE", 1), ("TEE-KRAEUTER", 1), ("TEE-VERBENE", 1))
OF_HERBS = 590 + 690 + 820 - 1500
OF_ALL = {"kraeuter-3": OF_HERBS, "versandfrei-49": SHIPPING, "teesieb-geschenk": 0}
TO_PAY = 2 * 2490 + 1500
GREEN_TEA, GREEN_TEA_CODE = "gruentee-2", "GRUEN2"


class Walk(Replies):
    """One walk with customers and an order of its own, named by `run`, so that it can be repeated."""

    def __init__(self, shop: Storefront, screen: Screen, *, run: str) -> None:
        super().__init__(shop, screen)
        self.mia, self.jonas, self.order_id = f"mia-{run}", f"jonas-{run}", f"order-{run}"
        self.code = self.reservation_id = self.redemption_id = ""

    def go(self) -> None:
        """All of it.

        Raises:
            Deviation, NoAnswer
        """
        self._screen.heading(f"The main job, over HTTP at {self._shop.base_url}")
        try:
            self._two_customers()
            self._a_promotion()
            self._a_personal_code()
            self._a_price()
            self._a_stranger()
            self._what_is_missing()
            self._a_hold()
            self._an_order()
            self._a_part_comes_back()
            self._the_count()
            self._her_account()
            self._several_offers()
            self._what_cannot_combine()
            self._letters()
            self._a_reply(f"reply-{self.order_id}")
        except (KeyError, IndexError, TypeError, ValueError) as error:
            self._deviate(f"the answer has another shape: {error!r}")

    def _two_customers(self) -> None:
        self._step("Two customers", "Zwei Kunden")
        rows = [_customer(self.mia, "Mia"), _customer(self.jonas, "Jonas")]
        made = self._call("POST", "/customers/batch", {"customers": rows}, wants=200)
        self._screen.sent({"customers": [row["customer_id"] for row in rows]})
        self._equal("both are new", made.body, {"created": 2, "updated": 0, "errors": []})

    def _a_promotion(self) -> None:
        self._step("What staff have set up", "Was der Laden eingestellt hat")
        found = self._call("GET", f"/promotions/{TEA_20}", wants=200)
        for language, text in found.body.get("summary", {}).items():
            self._screen.words(language, text)
        minimum = found.body["conditions"]["min_subtotal"]
        told = (found.body["status"], found.body["effect"]["percent"], minimum)
        self._equal("active, 20 % from 30.00 €", told, ("active", "20", MINIMUM))

    def _a_personal_code(self) -> None:
        self._step("A code for Mia alone", "Ein Code nur für Mia")
        asked = {"customer_id": self.mia}
        made = self._call("POST", f"/promotions/{TEA_20}/codes", asked, wants=201)
        self._screen.sent(asked)
        self.code = made.body["code"]
        self._screen.got({"code": self.code, "customer_id": made.body["customer_id"]})
        told = (made.body["customer_id"], made.body["limit"], made.body["status"])
        self._equal("hers, for one use", told, (self.mia, 1, "active"))

    def _a_price(self) -> None:
        self._step("What would her cart cost?", "Was würde ihr Warenkorb kosten?")
        quote = self._validate(self._cart(self.mia, ORDER))
        self._amounts(quote)
        for line, discount in zip(quote.body["lines"], DISCOUNTS, strict=True):
            self._money(f"line {line['line_id']} is cheaper by", line["discount"], discount)
        self._equal("the code", quote.body["codes"][0]["status"], "applied")
        self._so("proven best for her", is_so=quote.body["best"])

    def _a_stranger(self) -> None:
        self._step("Jonas tries Mia's code", "Jonas versucht es mit Mias Code")
        cart = self._cart(self.jonas, ORDER, codes=[self.code, "TEE-GIBT-ES-NICHT"])
        quote = self._validate(cart)
        foreign, unknown = quote.body["codes"]
        self._screen.got({"codes[0].reason": foreign["reason"]["code"]})
        self._both_languages(cart, quote)
        self._equal("refused as", foreign["reason"]["code"], "code_not_valid")
        is_same = foreign["reason"] == unknown["reason"] and foreign["promotion_id"] is None
        self._so("he learns as much from a code that nobody has", is_so=is_same)
        self._money("he pays in full", quote.body["total"], SUBTOTAL + SHIPPING)

    def _what_is_missing(self) -> None:
        self._step("A cart that is too small", "Ein zu kleiner Warenkorb")
        cart = self._cart(self.mia, ORDER[:1], units=1)
        quote = self._validate(cart)
        reason = quote.body["codes"][0]["reason"]
        self._screen.got({"codes[0].reason": reason["code"], "params": reason["params"]})
        self._both_languages(cart, quote)
        self._equal("refused as", reason["code"], "min_order_not_met")
        self._money("still missing", reason["params"]["missing"], MINIMUM - 1499)
        self._equal("offered as", quote.body["nearly"][0]["promotion_id"], TEA_20)

    def _a_hold(self) -> None:
        self._step("The price is promised and held", "Der Preis wird versprochen und gehalten")
        cart = self._cart(self.mia, ORDER)
        asked = {**cart, "ttl_seconds": 600}
        held = self._call("POST", "/checkout/reservations", asked, wants=201)
        self._screen.sent({"codes": cart["codes"], "ttl_seconds": 600})
        self.reservation_id = held.body["reservation_id"]
        told = ("reservation_id", "status", "expires_at")
        self._screen.got({name: held.body[name] for name in told})
        self._amounts(held)
        elsewhere = self._validate(cart)
        reason = elsewhere.body["codes"][0]["reason"] or {}
        self._equal("in a second window", reason.get("code"), "held_by_other_checkout")

    def _an_order(self) -> None:
        self._step("Mia orders; a hiccup sends it twice", "Mia bestellt; es kommt doppelt an")
        asked = {"reservation_id": self.reservation_id, "order_id": self.order_id}
        key = f"walk-{self.order_id}"
        made = self._call("POST", "/checkout/redemptions", asked, wants=201, key=key)
        self._screen.sent(asked)
        self.redemption_id = made.body["redemption_id"]
        self._screen.got({name: made.body[name] for name in ("redemption_id", "status")})
        self._amounts(made)
        self._money("she earns for her next tea", made.body["cashback"]["earned"], EARNED)
        again = self._call("POST", "/checkout/redemptions", asked, wants=201, key=key)
        is_replayed = again.headers.get("idempotency-replayed") == "true"
        is_same = is_replayed and again.raw == made.raw
        self._so("the first answer again, byte for byte", is_so=is_same)

    def _a_part_comes_back(self) -> None:
        self._step("One pack comes back", "Eine Packung kommt zurück")
        asked = {"return_id": "r1", "lines": [{"line_id": "1", "quantity": 1}]}
        back = self._call("POST", f"/orders/{self.order_id}/returns", asked, wants=201)
        self._screen.sent(asked)
        self._money("paid back", back.body["refund_amount"], REFUND)
        self._money("discount taken back", back.body["discount_reversed"], DISCOUNT_BACK)
        self._money("cashback taken back", back.body["cashback_reversed"], EARNED_BACK)
        kept = back.body["conditions_no_longer_met"]
        self._equal("the shop is told what is now below its minimum", kept, [TEA_20])

    def _the_count(self) -> None:
        self._step("What the books say", "Was in den Büchern steht")
        code = self._call("GET", f"/promotions/{TEA_20}/codes/{self.code}", wants=200)
        told = (code.body["used"], code.body["held"])
        self._equal("the code: used once, held by nobody", told, (1, 0))
        order = self._call("GET", f"/orders/{self.order_id}", wants=200)
        lines = order.body["lines"]
        discounts = [line["discount_amount"] for line in lines]
        self._equal("the order keeps its discounts", discounts, DISCOUNTS)

    def _her_account(self) -> None:
        self._step("Mia looks at her account", "Mia sieht in ihr Konto")
        wallet = self._call("GET", f"/customers/{self.mia}/wallet", wants=200)
        (kept,) = wallet.body["cashback"]
        self._screen.got({name: kept[name] for name in ("pending", "available")})
        self._money("cashback that waits for the delivery", kept["pending"], EARNED - EARNED_BACK)
        link = self._call("POST", f"/customers/{self.mia}/portal-links", wants=201)
        self._screen.got({"url": link.body["url"]})

    def _several_offers(self) -> None:
        self._step("Several offers at once", "Mehrere Aktionen auf einmal")
        quote = self._validate(self._cart(self.jonas, MANY, codes=[]))
        self._screen.got({offer["promotion_id"]: offer["title"] for offer in quote.body["applied"]})
        taken = {offer["promotion_id"]: offer["amount"] for offer in quote.body["applied"]}
        self._equal("applied: a bundle, the delivery and a gift", taken, OF_ALL)
        self._money("three teas together are cheaper by", quote.body["item_discount"], OF_HERBS)
        self._money("the delivery by", quote.body["shipping_discount"], SHIPPING)
        self._equal("the gift", quote.body["gifts"][0]["sku"], "TEESIEB")
        self._money("to pay", quote.body["total"], TO_PAY)
        self._so("proven best for him", is_so=quote.body["best"])

    def _what_cannot_combine(self) -> None:
        self._step("Two that do not go together", "Zwei, die nicht zusammengehen")
        cart = self._cart(self.jonas, MANY, codes=[GREEN_TEA_CODE])
        quote = self._validate(cart)
        row = quote.body["codes"][0]
        self._screen.got({"codes[0].status": row["status"], "reason": row["reason"]["code"]})
        self._both_languages(cart, quote)
        told = (row["status"], row["reason"]["code"])
        self._equal("the code stands back", told, ("skipped", "cannot_combine"))
        self._money("he pays no cent more", quote.body["total"], TO_PAY)
        why = self._call("GET", f"/decisions/{quote.body['decision_id']}", wants=200)
        choice = why.body["decision"]["choice"]
        self._screen.got({name: choice[name] for name in ("chosen", "over", "benefit")})
        self._equal("and it can be read later on why", choice["over"], [GREEN_TEA])

    def _cart(
        self,
        customer_id: str,
        wanted: Sequence[tuple[str, int]],
        *,
        codes: Sequence[str] | None = None,
        units: int | None = None,
    ) -> dict[str, Any]:
        wished = [self.code] if codes is None else codes
        return cart_of(customer_id, wanted, codes=wished, units=units)

    def _amounts(self, priced: Exchange) -> None:
        self._money("discount", priced.body["item_discount"], DISCOUNT)
        self._money("to pay", priced.body["total"], TOTAL)


def _customer(customer_id: str, first_name: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "first_name": first_name,
        "email": f"{customer_id}@example.org",
        "locale": "de",
        "country": "DE",
    }
