"""Who calls, where a link leads, and what is added to it."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from campaigns.domain.agents import BY_PEOPLE, agent_of, is_scan
from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.tracking import (
    CODE_PLACE,
    MOST_LINKS,
    key_of_link,
    link_of_key,
    utm_query,
    with_code,
    with_utm,
)

LATER = timedelta(minutes=5)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
AGENTS = [
    (CHROME, "human"),
    (IPHONE, "human"),
    (IPHONE.replace(" Version/17.5 Mobile/15E148 Safari/604.1", " Mobile/15E148"), "human"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "human"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.12.2", "human"),
    (("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; .NET4.0C; "
     "Microsoft Outlook 16.0.17628; ms-office; MSOffice 16)"), "human"),
    ("Outlook-iOS/709.2226530.prod.iphone (3.24.1)", "human"),
    (("Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/99.0.4844.88 Mobile Safari/537.36"), "human"),
    ("Mozilla/5.0", "proxy"),
    ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
     "proxy"),
    (("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"), "proxy"),
    ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "proxy"),
    (("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro) "
     "Microsoft Office Existence Discovery"), "bot"),
    ("Mozilla/5.0 BarracudaSentinel/1.0", "bot"),
    ("Mozilla/5.0 (compatible; Proofpoint URL Defense)", "bot"),
    ("Mimecast Link Protection", "bot"),
    ("Cisco IronPort Email Security", "bot"),
    (CHROME.replace("Chrome/", "HeadlessChrome/"), "bot"),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
    ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "bot"),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "bot"),
    ("facebookexternalhit/1.1", "bot"),
    ("", "unknown"),
    ("python-httpx/0.27.0", "unknown"),
    ("something new", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("user_agent", "agent"), AGENTS)
def test_each_agent_is_known_by_its_name(user_agent, agent):
    assert agent_of(user_agent=user_agent, method="GET", since_sent=LATER) == agent
    assert agent_of(user_agent=user_agent, method="GET", since_sent=None) == agent


@pytest.mark.parametrize(
    ("seconds", "agent"), [(0, "bot"), (1.999, "bot"), (2, "human"), (-3600, "human")]
)
def test_nobody_reads_within_two_seconds_of_the_sending(seconds, agent):
    """Before it, two clocks differ, and nothing is known."""
    since = timedelta(seconds=seconds)
    assert agent_of(user_agent=CHROME, method="GET", since_sent=since) == agent


def test_a_proxy_loads_whenever_it_likes_and_a_call_for_the_head_alone_is_no_persons():
    at_once = timedelta(0)
    assert agent_of(user_agent="Mozilla/5.0", method="GET", since_sent=at_once) == "proxy"
    assert agent_of(user_agent=CHROME, method="HEAD", since_sent=LATER) == "bot"


def test_what_is_not_known_to_be_a_machine_counts_as_a_persons():
    assert BY_PEOPLE == ("human", "unknown")


@pytest.mark.parametrize(
    ("at_once", "in_all", "is_one"),
    [(1, 1, False), (1, 9, False), (2, 2, True), (2, 3, False), (3, 3, True), (3, 9, True)],
)
def test_three_links_at_once_are_a_scanners_or_all_of_two(at_once, in_all, is_one):
    assert is_scan(links_at_once=at_once, links_in_all=in_all) is is_one


@given(some.integers(0, 2**48 - 1), some.integers(0, MOST_LINKS - 1))
def test_a_mark_names_delivery_and_link(delivery, number):
    key = key_of_link(delivery, number)
    assert link_of_key(key) == (delivery, number)
    assert key < 2**63


@pytest.mark.parametrize(
    ("url", "led"),
    [
        ("https://shop.example", "https://shop.example?utm_source=x"),
        ("https://shop.example/", "https://shop.example/?utm_source=x"),
        ("https://shop.example/a?", "https://shop.example/a?utm_source=x"),
        ("https://shop.example/a?b=1&", "https://shop.example/a?b=1&utm_source=x"),
        ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1&utm_source=x#c"),
        ("https://shop.example/#/tea?b=1", "https://shop.example/?utm_source=x#/tea?b=1"),
        ("https://shop.example/a?b=1?c", "https://shop.example/a?b=1?c&utm_source=x"),
        ("https://shop.example/a?sig=%2f%2F&b=+", "https://shop.example/a?sig=%2f%2F&b=+&utm_source=x"),
        ("https://shop.example/tee-für-dich", "https://shop.example/tee-für-dich?utm_source=x"),
    ],
)  # fmt: skip
def test_parameters_are_added_where_they_belong(url, led):
    assert with_utm(url, "utm_source=x") == led


@pytest.mark.parametrize(
    "url", ["https://a.example/?utm_source=y", "https://a.example/?b&UTM_Id=1"]
)
def test_an_address_that_has_parameters_of_its_own_is_left_alone(url):
    assert with_utm(url, "utm_source=x") == url


def test_without_a_source_nothing_is_added():
    query = utm_query(source="", campaign_id="spring")
    assert query == ""
    assert with_utm("https://shop.example/?", query) == "https://shop.example/?"


PARTS = some.text(some.characters(categories=["Ll", "Lu", "Nd"], include_characters="-._~%=&+;,/"))


@given(PARTS, PARTS, PARTS, some.booleans(), some.booleans())
def test_whatever_stood_in_an_address_still_stands_there(path, asked, fragment, asks, points):
    url = f"https://shop.example/{path}" + f"?{asked}" * asks + f"#{fragment}" * points
    query = utm_query(source="letter", campaign_id="a:b", variant="A&B")
    before, after = urlsplit(url), urlsplit(with_utm(url, query))
    assert (after.scheme, after.netloc, after.path) == (before.scheme, before.netloc, before.path)
    assert after.fragment == before.fragment
    if any(part[:4].lower() == "utm_" for part in before.query.split("&")):
        assert after == before
        return
    assert after.query.startswith(before.query)
    told = [("utm_source", "letter"), ("utm_medium", "email"), ("utm_campaign", "a:b"),
            ("utm_content", "A&B")]  # fmt: skip
    blank = {"keep_blank_values": True}
    assert parse_qsl(after.query, **blank) == parse_qsl(before.query, **blank) + told


@given(some.text(some.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_code_changes_where_a_link_leads(code):
    led = with_code(f"https://shop.example/tea?code={CODE_PLACE}&x=1#y", code)
    parts = urlsplit(led)
    assert (parts.netloc, parts.path, parts.fragment) == ("shop.example", "/tea", "y")
    assert dict(parse_qsl(parts.query, keep_blank_values=True)) == {"code": code, "x": "1"}


def test_the_place_of_the_code_stands_in_no_address():
    assert not is_web_address(f"https://shop.example/{CODE_PLACE}")
