"""Addresses of the pages, and what is read on them."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign

LIST = reverse("admin:campaigns_campaign_changelist")
ADD = reverse("admin:campaigns_campaign_add")
RECIPES = reverse("admin:campaigns_campaign_recipes")
CALENDAR = reverse("admin:campaigns_campaign_calendar")
WHY = reverse("admin:campaigns_campaign_silence")


def url_of(campaign_id: str, page: str = "change") -> str:
    key = Campaign.objects.get(reference=campaign_id).pk
    return reverse(f"admin:campaigns_campaign_{page}", args=[key])


def act_url(campaign_id: str, act: str) -> str:
    """Of a button."""
    key = Campaign.objects.get(reference=campaign_id).pk
    return f"{LIST}{key}/{act}/"


def text_of(answer: Any) -> str:
    """The words of a page."""
    assert answer.status_code == 200, answer
    body = answer.content.decode().partition("<body")[2]
    body = re.sub(r"<(script|style|template).*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def buttons(client: Client, campaign_id: str) -> set[str]:
    """The acts that the page of the campaign offers."""
    html = client.get(url_of(campaign_id)).content.decode()
    acts = {"submit", "approve", "schedule", "pause", "resume", "cancel", "remove", "test"}
    return {act for act in acts if f'href="{act_url(campaign_id, act)}"' in html}


def told(answer: Any) -> list[str]:
    """The messages above the next page."""
    return [str(message) for message in answer.wsgi_request._messages]
