"""What the tests of the edge share."""

import pytest

from tests.api import Api
from tests.rest.writes import PROMOTION


@pytest.fixture
def shop(api: Api) -> Api:
    """Ada and a promotion."""
    assert api.put("/customers/ada", {}).status == 201
    assert api.put("/promotions/spring", {**PROMOTION, "status": "active"}).status == 201
    return api
