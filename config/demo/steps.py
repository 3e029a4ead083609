"""The tools of a walk: a call that is shown, a finding that is held against what must come."""

from typing import Any, NoReturn

from common.money import format_money
from config.demo.assortment import BY_SKU
from config.demo.client import Exchange, Storefront
from config.demo.screen import Screen


class Deviation(Exception):
    """An answer is not what it must be."""


class Steps:
    """Shows each call on the screen and ends the walk at the first deviation."""

    def __init__(self, shop: Storefront, screen: Screen) -> None:
        self._shop = shop
        self._screen = screen
        self._steps = 0

    def _step(self, english: str, german: str) -> None:
        self._steps += 1
        self._screen.step(self._steps, english, german)

    def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        wants: int,
        key: str | None = None,
        language: str = "en",
    ) -> Exchange:
        exchange = self._shop.call(method, path, body, idempotency_key=key, language=language)
        self._screen.call(exchange, is_as_wanted=exchange.status == wants)
        if exchange.status != wants:
            said = exchange.body or exchange.raw[:500].decode(errors="replace")
            self._deviate(f"{path} answered {exchange.status}, not {wants}: {said}")
        return exchange

    def _validate(self, cart: dict[str, Any]) -> Exchange:
        quote = self._call("POST", "/checkout/validate", cart, wants=200)
        wanted = [f"{line['quantity']} × {BY_SKU[line['sku']].name}" for line in cart["lines"]]
        self._screen.sent({"customer_id": cart["customer_id"], "codes": cart["codes"]})
        self._screen.sent({"lines": wanted})
        return quote

    def _both_languages(self, cart: dict[str, Any], english: Exchange) -> None:
        """The words for the shopper; German is asked for by Accept-Language."""
        german = self._call("POST", "/checkout/validate", cart, wants=200, language="de")
        self._screen.sent({"Accept-Language": "de"})
        said = []
        for language, quote in (("en", english), ("de", german)):
            reason = quote.body["codes"][0]["reason"]
            self._screen.words(language, f"{reason['title']} {reason['detail']}")
            said.append((reason["title"], reason["detail"]))
        self._so("said in both languages", is_so=said[0] != said[1])

    def _money(self, what: str, amount: int, wanted: int) -> None:
        if amount != wanted:
            self._deviate(f"{what}: {_euros(amount)} instead of {_euros(wanted)}")
        self._screen.holds(f"{what}: {_euros(amount)}")

    def _equal(self, what: str, found: Any, wanted: Any) -> None:
        if found != wanted:
            self._deviate(f"{what}: {found!r} instead of {wanted!r}")
        self._screen.holds(f"{what}: {wanted}" if isinstance(wanted, str) else what)

    def _so(self, what: str, *, is_so: bool) -> None:
        if not is_so:
            self._deviate(f"{what}: no")
        self._screen.holds(what)

    def _deviate(self, finding: str) -> NoReturn:
        self._screen.fails(finding)
        raise Deviation(finding)


def _euros(amount: int) -> str:
    return format_money(amount, "EUR")
