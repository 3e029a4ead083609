"""What the tests of the edge share."""

import pytest

from tests.api import Api
from tests.rest.writes import PLAN, PROMOTION


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada, a promotion and a membership plan."""
    assert api.put("/customers/ada", {}).status == 201
    assert api.put("/promotions/spring", {**PROMOTION, "status": "active"}).status == 201
    assert api.put("/membership-plans/club", PLAN).status == 201
    return api
