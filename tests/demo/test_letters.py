"""What the tea shop has written by itself, and what waits for somebody."""

from config.demo.letters import COLLEAGUE, RUNNING
from tests.demo.loaded import rows


def test_four_campaigns_have_gone_out_and_whoever_got_nothing_has_a_reason(shop):
    states = rows("""
        SELECT campaign.reference, delivery.state, delivery.reason, count(*)
        FROM campaigns_delivery AS delivery
        JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id
        WHERE delivery.not_before <= '2026-03-10T12:00:00Z' GROUP BY 1, 2, 3
    """)

    sent = {name: count for name, state, _, count in states if state == "accepted"}
    assert sent.keys() == {name for name, _, _ in RUNNING}, states
    assert 10 < sum(sent.values()) < 100
    assert {state for _, state, _, _ in states} <= {"accepted", "no_consent"}
    # Whoever has signed up for the newsletter has agreed to it.
    assert not any(name == "willkommen" and state != "accepted" for name, state, *_ in states)


def test_each_code_that_was_promised_was_made_for_whoever_got_it(shop):
    [(without, of_another)] = rows("""
        SELECT count(*) FILTER (WHERE delivery.code_id IS NULL),
            count(*) FILTER (WHERE code.customer_id <> delivery.customer_id)
        FROM campaigns_delivery AS delivery
        JOIN campaigns_campaign AS campaign ON campaign.id = delivery.campaign_id
        LEFT JOIN promotions_code AS code ON code.id = delivery.code_id
        WHERE campaign.promotion_id IS NOT NULL AND delivery.state = 'accepted'
    """)

    assert (without, of_another) == (0, 0)


def test_a_feast_waits_for_a_second_pair_of_eyes_and_a_member_day_is_a_draft(shop):
    found = rows("""
        SELECT status, reference, username FROM campaigns_campaign
        LEFT JOIN auth_user ON 'staff:' || auth_user.id = submitted_by
        WHERE status NOT IN ('running') ORDER BY 1
    """)

    assert found == [("draft", "mitgliedertag", None), ("submitted", "easter-2026", COLLEAGUE)]


def test_the_colleague_cannot_log_in(shop):
    [(password, is_superuser)] = rows(
        f"SELECT password, is_superuser FROM auth_user WHERE username = '{COLLEAGUE}'"
    )

    assert not is_superuser
    assert not password or password.startswith("!")
