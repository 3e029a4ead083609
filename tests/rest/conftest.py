"""What the tests of the edge share."""

import pytest

from tests.api import Api
from tests.rest.writes import PARTNER, PLAN, PROMOTION, RULE


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada, a promotion, a membership plan, a cashback rule and a partner."""
    assert api.put("/customers/ada", {}).status == 201
    assert api.put("/promotions/spring", {**PROMOTION, "status": "active"}).status == 201
    assert api.put("/membership-plans/club", PLAN).status == 201
    assert api.put("/cashback/rules/basis", RULE).status == 201
    assert api.put("/cashback/partners/acme", PARTNER).status == 201
    return api
