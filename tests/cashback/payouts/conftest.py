"""Two keys, a customer with money, a bank account, and a Stripe of our own."""

from collections.abc import Iterator

import pytest

from tests.api import NOON, Api, make_key
from tests.cashback.money import customer, give
from tests.cashback.payouts.stripe_server import StripeServer


@pytest.fixture
def clerk(db, clock) -> Api:
    """Who asks for payouts."""
    return Api(make_key("payouts", name="clerk"))


@pytest.fixture
def boss(db, clock) -> Api:
    """Who decides on them."""
    return Api(make_key("payouts", name="boss"))


@pytest.fixture
def ada(db) -> int:
    """A customer with 100.00."""
    key = customer("ada")
    give(key, 10_000, now=NOON)
    return key


@pytest.fixture(autouse=True)
def bank(settings) -> None:
    """The shop's own account."""
    settings.SHOP_NAME = "Teeladen"
    settings.SEPA_NAME = "Teeladen Müller & Söhne"
    settings.SEPA_IBAN = "DE02 1203 0000 0000 2020 51"
    settings.SEPA_BIC = "BYLADEM1001"


@pytest.fixture
def stripe_server(settings) -> Iterator[StripeServer]:
    """Stripe, as the shop's settings have it."""
    with StripeServer() as server:
        settings.STRIPE_SECRET_KEY = "sk_test_of_ours"
        settings.STRIPE_WEBHOOK_SECRET = "whsec_of_ours"
        settings.STRIPE_API_URL = server.url
        settings.STRIPE_PATIENCE_MS = 300
        yield server
