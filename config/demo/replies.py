"""The walk's last steps: what the shop has written, who came back for it, and what the report says."""

import time
from typing import Any

from config.demo.carts import cart_of
from config.demo.letters import RUNNING
from config.demo.steps import Steps

WELCOME = RUNNING[0][0]
#: Enough for the 20 %, and met by no other offer that needs nothing of its customer.
ORDER = (("TEE-DARJEELING", 2), ("TEE-EARL-GREY", 1))

#: Letters leave within seconds; so often, and so many seconds apart, it is asked for them.
_TURNS, _TURN = 20, 0.5
_AT_MOST = 100


class Replies(Steps):
    """Campaigns that have gone out, and an order with a code that came by mail."""

    def _letters(self) -> None:
        self._step("What the shop has written by itself", "Was der Laden von selbst schrieb")
        for campaign_id, _recipe, _promotion in RUNNING:
            by_state = self._settled(f"/campaigns/{campaign_id}/progress")
            self._screen.got(by_state)
            sent = by_state.get("accepted", 0) + by_state.get("delivered", 0)
            self._so(f"{campaign_id}: {sent} got it", is_so=sent > 0)

    def _a_reply(self, order_id: str) -> None:
        """Somebody orders with the code of a welcome, as long as one of these codes still holds."""
        self._step("A welcome brings an order", "Ein Willkommen bringt eine Bestellung")
        report = f"/campaigns/{WELCOME}/report"
        before = self._call("GET", report, wants=200).body
        self._screen.got({name: before[name] for name in ("sent", "converted", "orders")})
        cart = self._cart_of_a_recipient()
        if cart is None:
            self._screen.holds(
                "every welcome is redeemed or past; the next ones come by themselves"
            )
            return
        asked = {**cart, "order_id": order_id}
        made = self._call("POST", "/checkout/redemptions", asked, wants=201, key=f"walk-{order_id}")
        self._screen.sent({"customer_id": cart["customer_id"], "codes": cart["codes"]})
        self._equal("with the code of the mail", made.body["codes"][0]["status"], "applied")
        after = self._call("GET", report, wants=200).body
        told = ("converted", "orders", "revenue", "discount_cost")
        self._screen.got({name: after[name] for name in told})
        self._equal("the report has one buyer more", after["converted"], before["converted"] + 1)
        self._equal("and one order", after["orders"], before["orders"] + 1)
        given = sum(offer["amount"] for offer in made.body["applied"])
        self._money(
            "and what it gave away", after["discount_cost"] - before["discount_cost"], given
        )

    def _cart_of_a_recipient(self) -> dict[str, Any] | None:
        """Of the first whose code applies."""
        path = f"/campaigns/{WELCOME}/deliveries?state=accepted&limit={_AT_MOST}"
        for row in self._call("GET", path, wants=200).body["results"]:
            cart = cart_of(row["customer_id"], ORDER, codes=[row["code"]])
            quote = self._shop.call("POST", "/checkout/validate", cart)
            if quote.status == 200 and quote.body["codes"][0]["status"] == "applied":
                return cart
        return None

    def _settled(self, path: str) -> dict[str, int]:
        """Rows by state, once no letter is on its way. Some have their hour still to come."""
        for _ in range(_TURNS):
            by_state = self._shop.call("GET", path).body["by_state"]
            if "accepted" in by_state and not by_state.keys() & {"claimed", "submitting"}:
                break
            time.sleep(_TURN)
        found: dict[str, int] = self._call("GET", path, wants=200).body["by_state"]
        return found
