"""From which state what leads where: each act on a payout in each state, repeated, and by the database."""

import pytest
from django.db import IntegrityError, transaction

from cashback.models import Payout
from cashback.queries.verify import breaches
from tests.api import NOON, Api, make_key
from tests.cashback.money import customer, give, wallet
from tests.cashback.payouts.asking import PAYOUTS, act, ask, key_of, make_file, told, trail

pytestmark = pytest.mark.django_db

#: By state, the acts that lead there.
WAYS = {
    "requested": [],
    "approved": ["approve"],
    "submitted": ["approve", "file"],
    "paid": ["approve", "file", "paid"],
    "failed": ["approve", "file", "failed"],
    "rejected": ["reject"],
}
#: By act, and state: the state that it leads to. What is not here is refused.
LEADS = {
    ("approve", "requested"): "approved",
    ("reject", "requested"): "rejected",
    ("reject", "approved"): "rejected",
    ("file", "approved"): "submitted",
    ("paid", "submitted"): "paid",
    ("failed", "submitted"): "failed",
}
#: Acts that say what is so already: nothing happens, and nobody is refused.
SAYS_NOTHING_NEW = {("paid", "paid"), ("failed", "failed")}
#: Pending, available, held, debt of who had 100.00 and asked for 5.00.
WALLET = {
    "requested": (0, 9_500, 500, 0),
    "approved": (0, 9_500, 500, 0),
    "submitted": (0, 9_500, 0, 0),
    "paid": (0, 9_500, 0, 0),
    "failed": (0, 10_000, 0, 0),
    "rejected": (0, 10_000, 0, 0),
}


@pytest.fixture
def admin(db, clock):
    """A third key."""
    return Api(make_key("payouts", name="admin"))


def do(api, payout_id, verb):
    return make_file(api) if verb == "file" else act(api, payout_id, verb)


def brought_to(state, clerk, boss):
    payout_id = ask(clerk)
    for verb in WAYS[state]:
        assert do(boss, payout_id, verb).status < 300
    return payout_id


@pytest.mark.parametrize("verb", ["approve", "reject", "file", "paid", "failed"])
@pytest.mark.parametrize("state", WAYS)
def test_an_act_leads_where_the_table_says_and_else_is_refused(
    clerk, boss, admin, ada, state, verb
):
    payout_id = brought_to(state, clerk, boss)
    before = told(), trail(payout_id)
    leads_to = LEADS.get((verb, state))

    got = do(admin, payout_id, verb)

    after = clerk.get(f"{PAYOUTS}/{payout_id}")
    assert after["status"] == (leads_to or state)
    assert wallet(ada) == WALLET[leads_to or state]
    if leads_to is None:
        assert (told(), trail(payout_id)) == before
        if (verb, state) in SAYS_NOTHING_NEW:
            assert got.status == 200
        else:
            assert (got.status, got["code"]) == (409, "state_transition_not_allowed")


@pytest.mark.parametrize("state", ["approved", "paid", "failed", "rejected"])
def test_whoever_did_it_may_repeat_it(clerk, boss, ada, state):
    payout_id = brought_to(state, clerk, boss)
    before = clerk.get(f"{PAYOUTS}/{payout_id}").body, told(), trail(payout_id)
    got = do(boss, payout_id, WAYS[state][-1])
    assert got.status == 200
    assert (got.body, told(), trail(payout_id)) == before


def test_an_approval_may_be_repeated_long_after(clerk, boss, ada):
    payout_id = brought_to("paid", clerk, boss)
    assert act(boss, payout_id, "approve")["status"] == "paid"


def test_each_state_is_told_once(clerk, boss, ada):
    for state in ("paid", "failed", "rejected"):
        brought_to(state, clerk, boss)
    assert [state for state, _ in told()] == [
        "requested", "paid", "requested", "failed", "requested", "rejected",
    ]  # fmt: skip


def test_what_comes_back_goes_to_its_own_lots_and_repays_debt_first(clerk, boss, db):
    bob = customer("bob")
    give(bob, 500, now=NOON)
    payout_id = ask(clerk, customer_id="bob")
    act(boss, payout_id, "approve")
    make_file(boss)
    give(bob, 300, now=NOON)
    assert act(boss, payout_id, "failed")["status"] == "failed"
    assert wallet(bob) == (0, 800, 0, 0)
    assert ask(clerk, customer_id="bob", amount=800)


# The database


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("cashback_payout_approved_by_another", {"approved_by": "clerk"}),
        ("cashback_payout_approved_before_it_goes_on", {"approved_by": "", "approved_at": None}),
    ],
)
def test_four_eyes_are_a_condition_of_the_table(clerk, boss, ada, constraint, changes):
    payout_id = brought_to("approved", clerk, boss)
    row = Payout.objects.filter(pk=key_of(payout_id))
    if changes.get("approved_by"):
        changes = {"approved_by": row.get().requested_by}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.update(**changes)


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("paid", {"ended_at": NOON}),
        ("failed", {"ended_at": NOON}),
        ("approved", {"submitted_at": None, "sepa_file": None}),
        ("submitted", {"amount": 501}),
    ],
)
def test_a_status_that_the_money_does_not_follow_is_found(clerk, boss, ada, status, changes):
    payout_id = brought_to("submitted", clerk, boss)
    assert list(breaches()) == []
    Payout.objects.filter(pk=key_of(payout_id)).update(status=status, **changes)
    found = [breach for breach in breaches() if breach.row.startswith("payout ")]
    assert [breach.check for breach in found] == ["a payout's money is where its status says"]
