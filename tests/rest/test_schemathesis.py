"""Whatever is sent to any call: no 5xx, nothing undocumented, every error a problem document.

Schemathesis makes calls from the document, right and wrong ones, and holds the answers to it. The
story of the document was played before, so that the calls meet customers, promotions, reservations
and orders that exist.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.mutations import Mutation
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

from access.models import Scope
from config.openapi.document import document
from config.openapi.examples import story
from config.wsgi import application
from tests.api import Api, make_key
from tests.rest.player import Names, play

SLOW = os.environ.get("SLOW") == "1"
CALLS = [
    (method, path)
    for path, methods in document(test_clock=True)["paths"].items()
    for method in sorted(methods.keys() & {"get", "put", "post", "patch", "delete"})
]
ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
#: What the story has made, by the name of the parameter in the address.
KNOWN = {
    "customer_id": ["c1", "c2"],
    "promotion_id": ["spring", "big-orders"],
    "segment_id": ["regulars"],
    "campaign_id": ["win-back"],
    "sku": ["TEA-1", "CUP"],
    "order_id": ["o1", "o2", "o-2025-1"],
    "code": ["SPRING-7KQ2", "spring 7kq2"],
    "reservation_id": ["rsv_0199a1b2c3d47e5f8a9b0c1d2e000005"],
    "redemption_id": [f"red_0199a1b2c3d47e5f8a9b0c1d2e00000{n}" for n in (7, 9)],
    "decision_id": ["dec_0199a1b2c3d47e5f8a9b0c1d2e000003"],
    "batch_id": ["bat_0199a1b2c3d47e5f8a9b0c1d2e000001"],
    "import_id": ["imp_0199a1b2c3d47e5f8a9b0c1d2e000010"],
    "job_id": ["job_0199a1b2c3d47e5f8a9b0c1d2e000002"],
    "rule_id": ["basis"],
    "partner_id": ["acme"],
    "payout_id": [f"pay_0199a1b2c3d47e5f8a9b0c1d2e0000{n}" for n in (16, 17)],
}
CONFIG = {
    "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
    "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.7} for name in KNOWN},
    "generation": {"deterministic": True, "database": "none"},
    "checks": {
        # A body may be right by its schema and still say what cannot be: that is 422.
        "positive_data_acceptance": {"enabled": False},
        # A stale If-Match is refused whatever else is wrong.
        "negative_data_rejection": {
            "expected-statuses": [
                "400",
                "401",
                "403",
                "404",
                "405",
                "409",
                "412",
                "413",
                "415",
                "422",
            ]
        },
    },
    # Batches answer 200 and name the rows that are wrong.
    "operations": [
        {
            "include-path-regex": "/(batch|events)$",
            "checks": {"negative_data_rejection": {"enabled": False}},
        }
    ],
}


@cache
def the_schema() -> Any:
    """Made when the first test asks for it: it takes twenty seconds that each collecting process would pay."""
    config = schemathesis.Config.from_dict(CONFIG)
    made = schemathesis.openapi.from_dict(document(test_clock=True), config=config)
    made.app = application
    return made


trying = settings(
    max_examples=20 if SLOW else 5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Names]]:
    """A key, and the story's ids: the shop in which the story has just happened."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "TEST_CLOCK", True)
        atomics = TestCase._enter_atomics()
        try:
            key, names = make_key(*Scope.values), Names()
            play(Api(key), story(), names)
            # The calls run in the transaction of the test, as those of Django's own client do.
            for signal in (request_started, request_finished):
                signal.disconnect(close_old_connections)
            yield key, names
        finally:
            TestCase._rollback_atomics(atomics)
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_answer_is_as_documented(method: str, path: str, shop: tuple[str, Names]):
    operation = the_schema()[path][method]
    right, wrong = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @trying
    @given(case=st.one_of(right, wrong))
    def answers(case: schemathesis.Case) -> None:
        answer_is_as_documented(case, *shop)

    answers()


if SLOW:
    # Hundreds of calls of each operation, at and beyond each bound; what is drawn is tried above.
    @pytest.mark.slow
    @pytest.mark.django_db
    @the_schema().parametrize()
    @settings(trying, phases=[Phase.explicit])
    def test_every_answer_is_as_documented_at_every_bound(
        case: schemathesis.Case, shop: tuple[str, Names]
    ):
        answer_is_as_documented(case, *shop)


def answer_is_as_documented(case: schemathesis.Case, key: str, names: Names) -> None:
    """Make the call, and hold the answer to the document."""
    case.path_parameters = names.real(case.path_parameters)
    case.call_and_validate(
        headers={"Authorization": f"Bearer {key}"},
        excluded_checks=[negative_data_rejection] if is_mended(case) else None,
    )


def is_mended(case: schemathesis.Case) -> bool:
    """Whether what was made wrong about the call may be right again as it is sent.

    The key that it lacked is put back here, and an unknown parameter whose value is an empty list stands
    in no address. Unknown parameters have tests of their own. `%3A` is no id, but on its way it
    becomes `:`, which is one.
    """
    path = map(str, (case.path_parameters or {}).values())
    if any("%" in text and ID.fullmatch(unquote(text)) for text in path):
        return True
    data = case.meta.phase.data if case.meta else None
    mutations = getattr(data, "mutations", ())
    return bool(mutations) and all(map(_vanishes, mutations))


def _vanishes(mutation: Mutation) -> bool:
    match mutation.parameter_location:
        case ParameterLocation.HEADER:
            return mutation.parameter == "Authorization"
        case ParameterLocation.QUERY:
            return mutation.keywords == ("additionalProperties",)
    return False
