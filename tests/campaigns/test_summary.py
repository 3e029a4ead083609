"""What a campaign does is said whole: by which way, to whom, and whether it heeds consent."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.summary import summary

TEXT = {"en": {"subject": "S", "body": "B"}}


def told(language: Any = "en", **fields: Any) -> str:
    made = {"name": "x", "trigger": {"kind": "birthday", "local_time": "09:00"}, **fields}
    definition = msgspec.convert(made, CampaignDefinition)
    return summary(definition, shop_zone=ZoneInfo("Europe/Berlin"), language=language)


@pytest.mark.parametrize(
    ("fields", "english", "german"),
    [
        ({}, "by e-mail to everybody who has agreed.", "per E-Mail an alle, die zugestimmt haben."),
        ({"channel": "sms", "audience": {"segments": ["a"]}},
         "by text message to “a”, as far as they have agreed.",
         "per SMS an „a“, soweit sie zugestimmt haben."),
        ({"channel": "push"}, "as a push message to", "als Push-Nachricht an"),
        ({"channel": "in_app"}, "into the inbox in the shop to", "in den Posteingang im Shop an"),
        ({"channel": "placement", "slot": "home"}, "on the site at “home” to everybody.",
         "auf der Website an „home“ an alle."),
        ({"purpose": "transactional"},
         "to everybody, whether they have agreed or not: it must not advertise.",
         "an alle, auch ohne Einwilligung: Es darf nicht werben."),
        ({"variants": [{"name": "b", "percent": "25", "content": TEXT}]},
         "In other words: 25\xa0% “b”.", "In anderen Worten: 25\xa0% „b“."),
    ],
)  # fmt: skip
def test_it_is_said_how_it_comes_and_to_whom(
    fields: dict[str, Any], english: str, german: str
) -> None:
    assert english in told(**fields)
    assert german in told("de", **fields)
