"""Two senders, each of which schedules, are killed by -9 at every point where it could hurt."""

from collections.abc import Callable
from pathlib import Path

import pytest

from common.faults import POINTS
from tests.api import Api
from tests.faults.conftest import IS_LONG, Post
from tests.faults.harness import Crew, finished, kills, run_to_its_end, until
from tests.faults.shops import CAMPAIGN, coded_campaign, people
from tests.faults.verify import SAFE_POINTS, verify

pytestmark = pytest.mark.django_db(transaction=True)

KILLS, PEOPLE = (10, 2_000) if IS_LONG else (2, 300)
#: On which passing: points that each message passes are passed often.
NTH = {"enlisting": 1, "claimed": 1, "connected": 10, "sent": 10, "answered": 10}


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_nobody_gets_it_twice_and_nobody_is_forgotten(
    point: str, api: Api, post: Post, senders: Crew, tmp_path: Path, tell: Callable[..., None]
) -> None:
    people(PEOPLE)
    coded_campaign(api, post.sink)
    faults = f"{point}:{NTH.get(point, 2)}:{kills(tmp_path / 'kills', KILLS)}"
    run_to_its_end(senders, CAMPAIGN, port=post.port, faults=faults)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, kills=KILLS, may_be_unknown=point not in SAFE_POINTS)
    tell(point, kills=senders.killed, unknown=run.unknown, rows=run.rows)
    assert senders.killed == KILLS
    assert run.states["accepted"] + run.unknown >= PEOPLE // 2


@pytest.mark.long_faults
@pytest.mark.parametrize("point", ["claimed", "submitting", "answered"])
def test_with_leases_that_nobody_shortens_all_is_over_within_two_minutes(
    point: str, api: Api, post: Post, senders: Crew, tmp_path: Path, tell: Callable[..., None]
) -> None:
    people(300)
    coded_campaign(api, post.sink)
    faults = f"{point}:{NTH.get(point, 2)}:{kills(tmp_path / 'kills', 4)}"
    senders.go(port=post.port, faults=faults)
    until(lambda: finished(CAMPAIGN), within=120)
    senders.stop()
    run = verify(post.sink, campaign=CAMPAIGN, kills=4)
    tell(f"{point}, real lease", kills=senders.killed, unknown=run.unknown, rows=run.rows)
    assert senders.killed == 4
