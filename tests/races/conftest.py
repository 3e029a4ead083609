"""Every race runs twice, over HTTP and through actions, and for several seeds."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from access.models import ApiKey
from tests.api import make_key
from tests.races.shops import OverHttp, Shop, ThroughActions
from tests.races.storm import SEEDS, all_counted


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`seed` becomes each of the seeds."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS)


@pytest.fixture
def http_shop(transactional_db: None, clocked_web: list[str]) -> Iterator[OverHttp]:
    """Two web processes, on the test clock; what a race left behind is recounted."""
    shop = OverHttp(clocked_web, make_key())
    with all_counted(), closing(shop):
        yield shop


@pytest.fixture
def action_shop(transactional_db: None) -> Iterator[ThroughActions]:
    """The actions, in this process; what a race left behind is recounted."""
    make_key()
    with all_counted():
        yield ThroughActions(ApiKey.objects.get().pk)


@pytest.fixture(params=["http", "actions"])
def shop(request: pytest.FixtureRequest, transactional_db: None) -> Shop:
    """The service, one way and the other."""
    name = "http_shop" if request.param == "http" else "action_shop"
    found: Shop = request.getfixturevalue(name)
    return found
