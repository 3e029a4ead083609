"""What all pages of the staff have: names that are the same wherever they stand."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst

#: The page that asks why is called by what it asks; others are no lists of rows.
NAMED_OTHERWISE = {
    reverse(f"admin:{name}")
    for name in (
        "checkout_decision_changelist",
        "cashback_liability",
        "cashback_proof",
        "campaigns_campaign_calendar",
        "campaigns_campaign_silence",
    )
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_sidebar_calls_pages_as_they_call_themselves(admin_client: Client, language: str):
    spoken = {"accept-language": language}
    groups = admin_client.get("/admin/", headers=spoken).context["sidebar_navigation"]
    pages = {page["link"]: page["title"] for group in groups for page in group["items"]}
    assert len(pages) > 15
    called = {
        link: capfirst(
            admin_client.get(link, headers=spoken).context["cl"].opts.verbose_name_plural
        )
        for link in pages.keys() - NAMED_OTHERWISE
    }
    assert called == {link: pages[link] for link in called}


def crumbs(client: Client, url: str) -> list[str]:
    html = client.get(url, headers={"accept-language": "de"}).content.decode()
    found = re.findall(r"<(?:a|span)[^>]*truncate tracking-tight[^>]*>([^<]*)</", html)
    return [text.strip() for text in found]


def test_an_app_that_is_called_as_its_rows_is_not_named_twice(admin_client: Client):
    assert crumbs(admin_client, "/admin/customers/customer/") == ["Kunden"]
    assert crumbs(admin_client, "/admin/customers/segment/") == ["Kunden", "Segmente"]
    assert crumbs(admin_client, "/admin/") == ["Übersicht"]


def test_a_page_needs_no_database_before_there_are_tables():
    """`migrate` checks the pages first: an action that names a Django permission looks it up."""
    call_command("check")
