"""What tests of the checkout share."""

import pytest

from tests.api import Api
from tests.checkout.till import Till


@pytest.fixture
def till(api: Api) -> Till:
    """A till of a shop that sells nothing at a discount yet."""
    return Till(api)
