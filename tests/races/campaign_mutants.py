"""The guards of mail that leaves once, each taken out; as `mutants.py` does for promotions."""

from tests.races.mutants import Mutant

CLAIMING = "campaigns/actions/claiming.py"
CAPPING = "campaigns/actions/capping.py"
PREPARING = "campaigns/actions/preparing.py"
SENDING = "campaigns/actions/sending.py"
RECORDING = "campaigns/actions/recording.py"
SMTP = "campaigns/channels/smtp.py"
LINKS = "campaigns/actions/links.py"
RACES = "tests/races/test_campaigns.py"
SERVERS = "tests/campaigns/test_mail_servers.py"

_OVER = f"{RACES}::test_who_was_believed_dead_until_the_campaign_was_over_leaves_nothing_open"

CAMPAIGN_MUTANTS = [
    Mutant(
        "the locks on deliveries that are claimed",
        f"{RACES}::test_claimers_in_a_storm_never_share_a_row",
        ((CLAIMING, "LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED)", "LIMIT %(most)s)"),),
    ),
    Mutant(
        "the lock on a customer before their messages are counted",
        f"{RACES}::test_two_senders_of_two_campaigns_never_pass_a_cap_together",
        (
            (
                CAPPING,
                "SELECT pg_advisory_xact_lock(hash",
                "SELECT pg_advisory_xact_lock_shared(hash",
            ),
        ),
    ),
    Mutant(
        "the look at the campaign before each batch",
        f"{RACES}::test_what_was_paused_before_the_batch_was_decided_does_not_leave",
        (
            (
                PREPARING,
                "filter(pk=claimed.campaign_key or 0, status=Campaign.Status.RUNNING)",
                "filter(pk=claimed.campaign_key or 0)",
            ),
        ),
    ),
    Mutant(
        "the renewal of a lease before a message that comes late",
        f"{RACES}::test_a_slow_server_is_waited_for_and_nobody_takes_the_rows_away",
        ((SENDING, "if wall - self._leased_at < _RENEWED_EVERY:", "if wall:"),),
    ),
    Mutant(
        "the look for its own lease before a message is begun",
        f"{RACES}::test_who_was_believed_dead_tells_what_it_knows_and_the_rest_is_sent_later",
        ((SENDING, "return key in kept", "return bool(wall)"),),
    ),
    Mutant(
        "the look for its own lease before an answer is recorded",
        _OVER,
        (
            (
                RECORDING,
                "delivery.lease = %(lease)s AND delivery.state = 'submitting'",
                "delivery.state IN ('submitting', 'unknown')",
            ),
        ),
    ),
    Mutant(
        "the look at the campaign before a late answer lets a row wait",
        _OVER,
        ((RECORDING, "if not _goes_on(claimed.campaign_key):", "if not claimed:"),),
    ),
    Mutant(
        "unknown for what the mail server may have taken",
        "tests/campaigns/test_sending_more.py"
        "::test_a_connection_that_is_lost_after_the_message_leaves_it_unknown_for_good",
        ((SMTP, 'Reply("unknown", "connection_lost"', 'Reply("later", "connection_lost"'),),
    ),
    Mutant(
        "no blame for messages when the sender is refused",
        f"{SERVERS}::test_a_sender_that_is_not_allowed_fails_no_message",
        ((SMTP, "if 500 <= code < 600:", "if code < 0:"),),
    ),
    Mutant(
        "the turn in front of a new number for a link",
        "tests/races/test_tracking.py::test_senders_number_the_same_links_at_once_each_once",
        ((LINKS, "pg_advisory_xact_lock(hash", "pg_advisory_xact_lock_shared(hash"),),
    ),
]
