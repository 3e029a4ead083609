"""A place on the site, as a storefront asks for it."""

from typing import Any

from campaigns.models import Campaign
from campaigns.queries.placing import views_of
from tests.api import Got
from tests.campaigns.shop import Marketing

CONTENT = {
    "de": {"subject": "Tee für {{ customer.first_name | \"dich\" }}", "body": "Schau mal."},
    "en": {
        "subject": "Tea for {{ customer.first_name | \"you\" }}",
        "body": ":::header\n![A pot](https://shop.example/pot.jpg)\nNew\n:::\nHave a **look**.\n"
        ":::button\n[To the tea](https://shop.example/tea)\n:::",
    },
}  # fmt: skip


def seen(marketing: Marketing, query: str = "", *, now: str = "2026-03-10T12:30:00Z") -> Got:
    got = marketing.api.get(f"/placements/home?at={now}{query}")
    assert got.status in {200, 204}, got.body
    return got


def which(marketing: Marketing, query: str = "", **more: str) -> str | None:
    got = seen(marketing, query, **more)
    return str(got["campaign_id"]) if got.status == 200 else None


def place(marketing: Marketing, name: str = "tea", **fields: Any) -> None:
    marketing.campaign(
        name, **{"channel": "placement", "slot": "home", "content": CONTENT, **fields}
    )
    marketing.start(name)


def views(name: str = "tea") -> tuple[int, int, int]:
    return views_of(Campaign.objects.get(reference=name).pk)[:3]
