"""A campaign from its draft to the last recorded row."""

from datetime import timedelta

from tests.api import NOON
from tests.campaigns.shop import Marketing
from tests.campaigns.sink import Sink


def test_whoever_consented_gets_it_once_and_everybody_has_a_row(
    marketing: Marketing, sink: Sink
) -> None:
    for name in ("ada", "ben"):
        marketing.customer(name)
    marketing.customer("cai", consent=None)
    marketing.customer("dee", consent="withdrawn")
    marketing.customer("eve", locale="de-AT")
    marketing.campaign("hello")
    marketing.start("hello")
    marketing.run(NOON - timedelta(seconds=1))
    assert not sink.taken
    marketing.run()
    marketing.run()
    assert sorted(message["To"] for message in sink.taken) == [
        "ada@example.org", "ben@example.org", "eve@example.org",
    ]  # fmt: skip
    assert sink.to("ada@example.org")[0]["Subject"] == "Hello Ada"
    assert sink.to("eve@example.org")[0]["Subject"] == "Hallo Eve"
    assert marketing.deliveries("hello") == {
        "ada": ("accepted", None),
        "ben": ("accepted", None),
        "cai": ("no_consent", "no_consent"),
        "dee": ("no_consent", "no_consent"),
        "eve": ("accepted", None),
    }
    assert marketing.api.get("/campaigns/hello")["status"] == "finished"
    progress = marketing.api.get("/campaigns/hello/progress").body
    assert progress == {
        "total": 5, "done": 5, "by_state": {"accepted": 3, "no_consent": 2}, "pause_reason": None,
    }  # fmt: skip
