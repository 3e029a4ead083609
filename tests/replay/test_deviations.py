"""Whatever a service gets wrong, the replay notices; the service here is a pretended one."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from replay.bodies import Names
from replay.plan import make_plan
from replay.player import play
from replay.progress import Progress
from replay.reading import read_journey
from replay.run import Run, SetUpRefused
from replay.shop import set_up
from replay.tally import Tally, is_right
from tests.replay.generated import generate
from tests.replay.pretended import PretendedShop

NAMES = Names("r1")


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    return read_journey(generate(tmp_path_factory.mktemp("grocer"), seed=3))


def played(journey, lie=None):
    plan = make_plan(journey)
    tally = Tally()
    with ThreadPoolExecutor(4) as pool:
        run = Run(
            caller=PretendedShop(plan, NAMES, lie),
            names=NAMES,
            journey=journey,
            plan=plan,
            tally=tally,
            progress=Progress(io.StringIO()),
            pool=pool,
        )
        play(run, set_up(run))
    return tally.rows(plan.expected), tally.deviations


def test_a_service_that_keeps_the_rules_is_right(journey):
    rows, deviations = played(journey)
    assert deviations == []
    assert is_right(rows, deviations)


def changed(path_end, **fields):
    """Other fields in the answers of this path."""
    return lambda path, body: body | fields if path.endswith(path_end) else body


def code_row(path_end, **fields):
    """Other fields in the row of the code."""

    def lie(path, body):
        if not path.endswith(path_end):
            return body
        return body | {"codes": [body["codes"][0] | fields]}

    return lie


def csv_with(change):
    return lambda path, body: change(body) if path.endswith("codes.csv") else body


LIES = {
    "a customer is left out": changed(
        "customers/batch", created=0, errors=[{"index": 0, "errors": []}]
    ),
    "an order is forgotten": changed("orders/batch", created=1),
    "a segment has another member": lambda path, body: (
        {"member_count": 1} if path.startswith("/segments") else body
    ),
    "somebody got no code": csv_with(lambda text: text[: text[:-1].rindex("\n") + 1]),
    "a code was made twice": csv_with(lambda text: text.replace("\nP", "\nSAME,x\nSAME,x\nP", 1)),
    "a stranger's code is accepted": code_row("/validate", status="applied", reason=None),
    "a refusal says another reason": code_row("/validate", reason={"code": "code_disabled"}),
    "a refusal takes money": changed("/validate", discount_total=50, total=450),
    "a refusal names the wrong promotion": code_row("/validate", promotion_id="another"),
    "a redemption takes too little": changed("/redemptions", discount_total=49, total=451),
    "a redemption applies something else": changed(
        "/redemptions", applied=[{"promotion_id": "another"}]
    ),
    "a redemption is of another order": changed("/redemptions", order_id="another"),
    "a repeat is refused for another reason": code_row(
        "/redemptions", reason={"code": "budget_exhausted"}
    ),
    "a repeat is refused by another problem": changed("/redemptions", code="not_found"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_the_replay_notices_when(journey, lie):
    rows, deviations = played(journey, lie)
    assert not is_right(rows, deviations)


def test_a_code_batch_that_fails_ends_the_replay(journey):
    with pytest.raises(SetUpRefused, match="were not made"):
        played(journey, lambda path, body: {**body, "status": "failed"} if "jobs" in path else body)
