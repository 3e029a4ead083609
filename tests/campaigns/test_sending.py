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


def test_a_recurring_campaign_is_finished_when_its_rule_has_no_further_day_anywhere(
    marketing: Marketing, sink: Sink
) -> None:
    marketing.customer("ada", timezone="Pacific/Pago_Pago")
    for name, end in (("twice", ";COUNT=2"), ("until", ";UNTIL=20260311"), ("ever", "")):
        trigger = {"kind": "recurring", "rrule": f"FREQ=DAILY{end}", "local_time": "09:00"}
        marketing.campaign(name, trigger=trigger, expires_after_hours=None)
        marketing.start(name)
    seen = []
    for hours in (1, 24, 35, 36, 48):
        marketing.run(NOON + timedelta(hours=hours))
        seen.append([
            marketing.api.get(f"/campaigns/{name}")["status"] for name in ("twice", "until", "ever")
        ])  # fmt: skip
    assert seen[:3] == [["running"] * 3] * 3
    assert seen[-1] == ["finished", "finished", "running"]
    for name in ("twice", "until"):
        rows = marketing.api.get(f"/campaigns/{name}/deliveries")["results"]
        assert [row["state"] for row in rows] == ["accepted", "accepted"]


def test_content_that_shows_a_code_needs_a_promotion(marketing: Marketing) -> None:
    plain = {"subject": "Hello", "body": "Good to have you, code or no code."}
    for body in (
        "Your code: {{ code }}",
        "Until {{code.valid_until}}",
        "Hello\n\n:::code\nYours:\n:::",
    ):
        showing = {"subject": "Hello", "body": body}
        for told in (
            {"content": {"en": showing}},
            {"content": {"en": plain},
             "variants": [{"name": "b", "percent": "50", "content": {"en": showing}}]},
        ):  # fmt: skip
            marketing.campaign("hello", **told)
            answer = marketing.api.post("/campaigns/hello/submit", {})
            assert (answer.status, answer["errors"][0]["pointer"]) == (422, "/promotion_id")
    marketing.campaign("hello", content={"en": plain})
    assert marketing.api.post("/campaigns/hello/submit", {}).status == 200
