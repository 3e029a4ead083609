"""The guards of webhooks' order and of "once", each taken out; as `mutants.py` does for money."""

from tests.races.mutants import Mutant

SENDING = "journal/actions/sending.py"
QUEUE = "journal/actions/deliveries.py"
RACES = "tests/races/test_webhooks.py"
DELIVERIES = "tests/journal/test_deliveries.py"

WEBHOOK_MUTANTS = [
    Mutant(
        "the lease on an endpoint",
        f"{RACES}::test_senders_in_a_storm_deliver_each_event_once_and_in_order",
        ((SENDING, "(endpoint.lease IS NULL OR endpoint.leased_until < %(wall)s)", "true"),),
    ),
    Mutant(
        "the lock under which an endpoint is leased",
        f"{RACES}::test_senders_in_a_storm_deliver_each_event_once_and_in_order",
        ((SENDING, "LIMIT 1 FOR NO KEY UPDATE OF endpoint SKIP LOCKED)", "LIMIT 1)"),),
    ),
    Mutant(
        "the look for its own lease before a sender records",
        f"{RACES}::test_a_sender_that_was_silent_too_long_is_taken_over_and_changes_nothing_after_that",
        (
            (
                SENDING,
                ".filter(pk=lease.endpoint_key, lease=lease.token)\n            .first()",
                ".filter(pk=lease.endpoint_key)\n            .first()",
            ),
        ),
    ),
    Mutant(
        "the wait for older transactions before events are queued",
        f"{DELIVERIES}::test_what_is_of_an_open_transaction_is_waited_for",
        ((QUEUE, "xid < txid_snapshot_xmin(txid_current_snapshot())", "true"),),
    ),
    Mutant(
        "the events' own order beside that of their transactions",
        f"{DELIVERIES}::test_what_came_of_something_is_told_after_it_whatever_began_first",
        ((QUEUE, "(behind IS NULL OR before < behind)", "true"),),
    ),
]
