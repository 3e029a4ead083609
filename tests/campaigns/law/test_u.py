"""U: leaving by one click (RFC 8058), as docs/law.md numbers it. What needs a sent mail is still to come."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.actions.suppress import suppress
from customers.domain.reach import obstacle
from customers.models import ConsentRecord
from customers.queries.gate import reachable
from journal.models import OutboxEvent
from tests.api import DAY, NOON, Api
from tests.campaigns.reader import (
    ADA,
    ONE_CLICK,
    get,
    head,
    history,
    key_of,
    leaving,
    make_ada,
    post,
    states,
)

FORM = "application/x-www-form-urlencoded"
MAIL = ("email", "marketing")
LEFT = ("withdrawn", "unsubscribe link")


@pytest.fixture
def ada(api: Api) -> Api:
    make_ada(api, "email/marketing")
    return api


def why_not(purpose, *, now: datetime = NOON):
    person = reachable(customer_keys=[key_of("ada")], channel="email")[key_of("ada")]
    return obstacle(person, channel="email", purpose=purpose, min_age=16, today=now.date(), now=now)


def test_u2_a_changed_character_opens_nothing_and_says_nothing(ada: Api):
    path = leaving()
    start = len("/u/")
    never = post(f"/u/{'A' * 64}", ONE_CLICK)
    for place in range(start, len(path)):
        other = "A" if path[place] != "A" else "B"
        changed = path[:place] + other + path[place + 1 :]
        refused = post(changed, ONE_CLICK)
        assert (refused.status, refused.body) == (404, never.body)
    assert states(ada)[MAIL] == "granted"
    for odd in (path[:-1], f"{path}A", "/u/x", "/u/%00", f"/u/{'é' * 64}"):
        assert post(odd, ONE_CLICK).status == 404


def test_u2_a_token_of_another_purpose_opens_nothing(ada: Api):
    token = leaving().rpartition("/")[2]
    assert get(f"/preferences/{token}").status == 404
    assert get(f"/confirm/{token}").status == 404
    assert get(f"/account/{token}").status == 404


@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_u3_one_click_withdraws_before_the_answer(ada: Api, kind: str):
    is_form = kind == "form"
    body, how = (urlencode(ONE_CLICK), {"content_type": FORM}) if is_form else (ONE_CLICK, {})
    page = post(leaving(), body, **how)
    assert page.status == 200
    assert {"Location", "Set-Cookie"}.isdisjoint(page.headers)
    assert states(ada)[MAIL] == "withdrawn"
    assert history(ada)[-1] == LEFT


@pytest.mark.parametrize("body", ["", "\x00", "a=1&" * 5_000, "List-Unsubscribe=Two-Clicks"])
def test_u3_whatever_the_body_says_it_withdraws(ada: Api, body: str):
    assert post(leaving(), body, content_type=FORM).status == 200
    assert states(ada)[MAIL] == "withdrawn"


def test_u3_a_broken_multipart_withdraws_as_well(ada: Api):
    assert post(leaving(), b"x", content_type="multipart/form-data").status == 200
    assert states(ada)[MAIL] == "withdrawn"


def test_u3_who_never_agreed_can_object_too(api: Api):
    make_ada(api)
    assert post(leaving(), ONE_CLICK).status == 200
    assert history(api) == [LEFT]


def test_u4_twice_is_one_record_and_one_event(ada: Api):
    path = leaving()
    assert [post(path, ONE_CLICK, at=NOON + n * DAY).status for n in range(2)] == [200, 200]
    assert history(ada) == [("granted", None), LEFT]
    event = OutboxEvent.objects.get(type="customer.unsubscribed")
    assert event.payload == {"channel": "email", "purpose": "marketing"}
    assert event.customer_key == key_of("ada")


def test_u4_a_token_of_years_ago_works(ada: Api):
    path = leaving(at=NOON - 2_000 * DAY, delivery=17)
    assert post(path, ONE_CLICK).status == 200
    assert states(ada)[MAIL] == "withdrawn"


def test_u5_get_changes_nothing(ada: Api):
    path = leaving()
    with CaptureQueriesContext(connection) as said:
        page = get(path)
        seen = head(path)
    assert [query for query in said.captured_queries if not query["sql"].startswith("SELECT")] == []
    assert (page.status, seen.status, seen.body) == (200, 200, b"")
    assert page.markup.count("<button") == 1
    assert "Abbestellen" in page.text
    assert "a•••@example.org" in page.text
    assert ADA["email"] not in page.markup
    assert history(ada) == [("granted", None)]


def test_u5_the_address_is_kept_to_the_reader(ada: Api):
    for page in (get(leaving()), post(leaving(), ONE_CLICK), get("/u/x")):
        assert page.headers["X-Robots-Tag"].startswith("noindex")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page.headers["Cache-Control"]
        assert "Set-Cookie" not in page.headers
        assert "<script" not in page.markup


def test_u6_a_post_is_never_led_elsewhere_nor_made_to_wait(ada: Api, settings):
    settings.RATE_LIMIT_PER_MINUTE = 1
    path = leaving()
    assert {post(path, ONE_CLICK).status for _ in range(20)} == {200}
    assert post(f"{path}/", ONE_CLICK).status == 404


def test_u8_word_of_orders_heeds_bounces_and_erasure_but_no_withdrawal_of_marketing(ada: Api):
    assert (why_not("marketing"), why_not("transactional")) == (None, None)
    post(leaving(), ONE_CLICK)
    assert (why_not("marketing"), why_not("transactional")) == ("no_consent", None)
    suppress(ADA["email"], reason="complained", now=NOON)
    assert (why_not("marketing"), why_not("transactional")) == ("suppressed", None)
    suppress(ADA["email"], reason="bounced", now=NOON)
    assert (why_not("marketing"), why_not("transactional")) == ("suppressed", "suppressed")
    ada.put("/customers/ada", {**ADA, "email": "new@example.org"})
    assert (why_not("marketing"), why_not("transactional")) == ("no_consent", None)


def test_u9_the_next_decision_excludes_who_has_just_left(ada: Api):
    assert why_not("marketing") is None
    post(leaving(), ONE_CLICK)
    assert why_not("marketing") == "no_consent"


def test_u9_a_shop_whose_clock_is_ahead_does_not_undo_it(ada: Api):
    ahead = {"state": "granted", "recorded_at": (NOON + timedelta(minutes=4)).isoformat()}
    ada.put("/customers/ada/consents/email/marketing", {**ahead, "at": NOON.isoformat()})
    post(leaving(), ONE_CLICK)
    assert why_not("marketing") == "no_consent"


def test_whoever_left_can_take_it_back_on_the_spot(ada: Api):
    path = leaving()
    page = post(path, ONE_CLICK)
    assert "Sie sind abgemeldet" in page.text
    assert "wieder anmelden" in page.text
    back = post(path, {"act": "return"}, REMOTE_ADDR="203.0.113.77")
    assert "Schön, dass Sie bleiben" in back.text
    assert history(ada)[-1] == ("granted", "unsubscribe link, taken back")
    assert ConsentRecord.objects.latest("id").ip_address == "203.0.113.0"
    assert states(ada)[MAIL] == "granted"
    assert (
        get(get(path).address("Lieber seltener, oder eine Pause? Das stellen Sie hier ein.")).status
        == 200
    )


def test_what_was_not_withdrawn_by_a_link_just_now_is_not_granted_by_one(ada: Api):
    path = leaving()
    told = {"state": "withdrawn", "source": "call centre", "recorded_at": NOON.isoformat()}
    ada.put("/customers/ada/consents/email/marketing", told)
    assert "Schön, dass Sie bleiben" not in post(path, {"act": "return"}).text
    assert history(ada)[-1] == ("withdrawn", "call centre")

    ada.put("/customers/ada/consents/email/marketing", {
        "state": "granted", "recorded_at": (NOON + timedelta(minutes=1)).isoformat(),
        "at": (NOON + timedelta(minutes=1)).isoformat(),
    })  # fmt: skip
    assert "Schön, dass Sie bleiben" in post(path, {"act": "return"}).text
    post(path, ONE_CLICK, at=NOON + timedelta(minutes=2))
    late = post(path, {"act": "return"}, at=NOON + timedelta(hours=25))
    assert "Sie sind abgemeldet" in late.text
    assert states(ada)[MAIL] == "withdrawn"


def test_who_was_erased_is_not_found(ada: Api):
    path = leaving()
    ada.post("/customers/ada/erase", {})
    assert post(path, ONE_CLICK).status == 404
    assert get(path).status == 404


def test_the_page_speaks_the_customers_language_or_the_chosen_one(ada: Api):
    page = get(leaving())
    assert page.headers["Content-Language"] == "de"
    assert "No more offers by e-mail?" in get(page.address("English")).text
    assert "Unsubscribe" in get(leaving(), lang="en").text
