"""After every test of cashback the ledger is proven."""

from collections.abc import Iterator

import pytest

from cashback.queries.verify import breaches


@pytest.fixture(autouse=True)
def proven(request: pytest.FixtureRequest) -> Iterator[None]:
    """Everything that is always true still is, in tests that have a database and do not tamper."""
    has_database = request.node.get_closest_marker("django_db") is not None
    if has_database:
        request.getfixturevalue("db")
    yield
    if has_database and request.node.get_closest_marker("tampers") is None:
        assert list(breaches(every_row=True)) == []
