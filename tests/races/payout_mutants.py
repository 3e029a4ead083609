"""The guards of money that leaves the shop, each taken out; as `mutants.py` does for promotions."""

from tests.races.mutants import Mutant

STATES = "cashback/actions/payout_states.py"
SENDING = "cashback/actions/payout_sending.py"
FILES = "cashback/actions/sepa_files.py"
STRIPE = "cashback/channels/stripe.py"
RACES = "tests/cashback/payouts/test_races.py"
CALLS = "tests/cashback/payouts/test_stripe.py"

PAYOUT_MUTANTS = [
    Mutant(
        "the state of a payout in the UPDATE that changes it",
        f"{RACES}::test_of_many_approvers_one_approves",
        ((STATES, "filter(pk=payout_id, status__in=since)", "filter(pk=payout_id)"),),
    ),
    Mutant(
        "the locks on payouts of which a file is made",
        f"{RACES}::test_a_payout_is_in_one_of_many_files_made_at_once",
        (
            (
                FILES,
                "Payout.objects.select_for_update(no_key=True, skip_locked=True)\n",
                "Payout.objects\n",
            ),
        ),
    ),
    Mutant(
        "the question to Stripe before it is told again",
        f"{CALLS}::test_what_is_unknown_stays_held_and_is_asked_for",
        ((SENDING, "None if claim.is_new else provider.find(order)", "None"),),
    ),
    Mutant(
        "unknown for what Stripe may have done",
        f"{CALLS}::test_what_is_unknown_stays_held_and_is_asked_for",
        ((STRIPE, '"later" if isinstance(error, _LATER) else "unknown"', '"declined"'),),
    ),
    Mutant(
        "the idempotency key of a transfer",
        f"{CALLS}::test_what_is_told_twice_is_paid_once",
        ((STRIPE, '{"idempotency_key": our_id}', "{}"),),
    ),
]
