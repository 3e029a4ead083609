"""Asking for a payout, over HTTP: held from then on, checked, shown masked, decided by somebody else."""

from datetime import timedelta

import pytest

from cashback.models import Payout
from cashback.queries.payouts import destination_of
from journal.models import AuditEntry
from tests.api import HOUR, NOON, Api, make_key
from tests.cashback.money import wallet
from tests.cashback.payouts.asking import (
    BANK,
    IBAN,
    MASKED,
    PAYOUTS,
    STRIPE,
    act,
    ask,
    asked,
    told,
    trail,
)
from tests.privacy.life import table_dump

pytestmark = pytest.mark.django_db


def test_the_money_is_held_from_the_request_on(clerk, ada):
    got = clerk.post(PAYOUTS, asked(amount=4_000))

    assert got.status == 202
    assert (got["status"], got["amount"], got["currency"]) == ("requested", 4_000, "EUR")
    assert got["payout_id"].startswith("pay_")
    assert wallet(ada) == (0, 6_000, 4_000, 0)
    assert told() == [("requested", 4_000)]
    assert trail(got["payout_id"]) == ["request"]
    assert clerk.get(f"{PAYOUTS}/{got['payout_id']}").body == got.body


@pytest.mark.parametrize(
    "changes",
    [{"amount": 10_001}, {"customer_id": "nobody"}, {"currency": "USD", "destination": STRIPE}],
)
def test_more_than_is_available_is_refused_and_nothing_is_written(
    clerk, ada, changes, stripe_server
):
    key = "payout-of-too-much-1"
    got = clerk.post(PAYOUTS, asked(**changes), idempotency_key=key)
    assert (got.status, got["code"]) == (422, "cashback_insufficient")
    assert not Payout.objects.exists()
    assert (wallet(ada), told()) == ((0, 10_000, 0, 0), [])
    again = clerk.post(PAYOUTS, asked(**changes), idempotency_key=key)
    assert (again.raw, again.headers["Idempotency-Replayed"]) == (got.raw, "true")


def test_the_refusal_says_how_much_there_is_and_the_state_in_the_callers_language(clerk, ada):
    refused = clerk.post(PAYOUTS, asked(amount=10_001), accept_language="de")
    assert refused["detail"] == "Verfügbar sind 100,00\u00a0€."

    payout_id = ask(clerk)
    for language, said in (
        ("de", "Die Auszahlung ist beantragt."),
        ("en", "The payout is requested."),
    ):
        wrong = clerk.post(f"{PAYOUTS}/{payout_id}/paid", {}, accept_language=language)
        assert (wrong.status, wrong["detail"]) == (409, said)


def test_the_key_is_required_and_a_repeated_call_holds_once(clerk, ada):
    missing = clerk.post(PAYOUTS, asked(), idempotency_key=None)
    assert (missing.status, missing["code"]) == (400, "idempotency_key_required")
    first = clerk.post(PAYOUTS, asked(), idempotency_key="payout-of-ada-0001")
    again = clerk.post(PAYOUTS, asked(), idempotency_key="payout-of-ada-0001")
    assert (first.status, again.raw) == (202, first.raw)
    assert wallet(ada) == (0, 9_500, 500, 0)


@pytest.mark.parametrize(
    ("iban", "is_good"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("de89370400440532013000", True),
        ("NL91ABNA0417164300", True),
        ("FR1420041010050500013M02606", True),
        ("MT84MALT011000012345MTLCAST001S", True),
        ("GB82 WEST 1234 5698 7654 32", True),
        ("CH9300762011623852957", True),
        ("MD24AG000225100013104168", True),
        ("RS35260005601001611379", True),
        ("DE89370400440532013001", False),  # a digit
        ("DE98370400440532013000", False),  # two digits swapped
        ("DE8937040044053201300", False),  # one is missing
        ("DE893704004405320130000", False),  # one too many
        ("XX89370400440532013000", False),  # no such country
        ("NL91370400440532013000", False),
        ("", False),
        ("DE", False),
        ("DE89-3704-0044-0532-0130-00", False),
        ("DE89370400440532013000\n", False),
        ("DE8937040044053201300\u0660", False),
    ],
)
def test_an_iban_is_checked(clerk, ada, iban, is_good):
    got = clerk.post(PAYOUTS, asked(destination=BANK | {"iban": iban}))
    if is_good:
        compact = iban.replace(" ", "").upper()
        assert got.status == 202
        assert (
            got["destination"]["iban"] == f"{compact[:2]}{'*' * (len(compact) - 6)}{compact[-4:]}"
        )
    else:
        assert (got.status, got["code"]) == (422, "validation_failed")
        assert got.pointers == ["/destination/iban"]
        assert not Payout.objects.exists()


@pytest.mark.parametrize("iban", ["AE070331234567890123456", "TR330006100519786457841326"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This account is not in the SEPA area."),
        ("de", "Dieses Konto liegt nicht im SEPA-Raum."),
    ],
)
def test_an_account_outside_the_sepa_area_is_refused(clerk, ada, iban, language, sentence):
    body = asked(destination=BANK | {"iban": iban})
    got = clerk.post(PAYOUTS, body, accept_language=language)

    assert (got.status, got.pointers) == (422, ["/destination/iban"])
    assert got["errors"][0]["detail"] == sentence
    assert not Payout.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"currency": "USD"}, "/currency"),
        ({"currency": "eur"}, "/currency"),
        ({"amount": 0}, "/amount"),
        ({"amount": -1}, "/amount"),
        ({"amount": 1.5}, "/amount"),
        ({"amount": "500"}, "/amount"),
        ({"amount": 2**63}, "/amount"),
        ({"customer_id": None}, "/customer_id"),
        ({"destination": BANK | {"name": "🍵"}}, "/destination/name"),
        ({"destination": BANK | {"name": ""}}, "/destination/name"),
        ({"destination": BANK | {"name": "x" * 71}}, "/destination/name"),
        ({"destination": BANK | {"bic": "COBADEFFXXX"}}, "/destination/bic"),
        ({"destination": {"kind": "sepa", "name": "Ada"}}, "/destination/iban"),
        ({"destination": {"kind": "cheque"}}, "/destination/kind"),
        ({"destination": STRIPE | {"account": "acct_"}}, "/destination/account"),
        ({"status": "paid"}, "/status"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(clerk, ada, changes, pointer):
    got = clerk.post(PAYOUTS, asked(**changes))
    assert (got.status, got["code"], got.pointers) == (422, "validation_failed", [pointer])
    german = clerk.post(PAYOUTS, asked(**changes), accept_language="de")
    assert german["errors"][0]["detail"] != got["errors"][0]["detail"] or "IBAN" in str(german.body)
    assert not Payout.objects.exists()
    assert wallet(ada) == (0, 10_000, 0, 0)


def test_a_shop_without_stripe_says_so(clerk, ada, settings):
    settings.STRIPE_SECRET_KEY = ""
    got = clerk.post(PAYOUTS, asked(destination=STRIPE))
    assert (got.status, got["code"]) == (409, "payout_provider_not_set_up")


def test_where_the_money_goes_is_sealed_and_shown_masked(clerk, boss, ada):
    payout_id = ask(clerk, destination=BANK | {"iban": "DE89 3704 0044 0532 0130 00"})
    act(boss, payout_id, "approve")
    shown = [
        clerk.get(f"{PAYOUTS}/{payout_id}"),
        clerk.get(PAYOUTS),
        boss.post(f"{PAYOUTS}/{payout_id}/reject", {"reason": "no", "at": NOON.isoformat()}),
    ]
    for got in shown:
        assert IBAN not in got.raw.decode()
        assert MASKED in got.raw.decode()
    tables = ("cashback_payout", "journal_auditentry", "journal_outboxevent", "access_keptanswer")
    for table in tables:
        assert IBAN.encode() not in table_dump(table)
    for table in tables[:-1]:
        assert b"Lovelace" not in table_dump(table)
    kept = destination_of(Payout.objects.get())
    assert (kept.iban, kept.name) == (IBAN, "Ada Lovelace")


# Who decides


def test_who_asked_for_it_decides_nothing(clerk, boss, ada):
    payout_id = ask(clerk)
    for verb in ("approve", "reject"):
        got = act(clerk, payout_id, verb)
        assert (got.status, got["code"]) == (403, "four_eyes_required")
    # There is nothing to say but yes.
    assert boss.post(f"{PAYOUTS}/{payout_id}/approve")["status"] == "approved"
    got = act(clerk, payout_id, "reject")
    assert (got.status, got["code"]) == (403, "four_eyes_required")
    shown = clerk.get(f"{PAYOUTS}/{payout_id}")
    assert shown["approved_by"] != shown["requested_by"]
    assert trail(payout_id) == ["request", "approve"]


@pytest.mark.parametrize(
    ("amount", "status"), [(999, "approved"), (1_000, "approved"), (1_001, "requested")]
)
def test_up_to_a_setting_it_is_approved_at_once_by_policy(clerk, ada, settings, amount, status):
    settings.PAYOUT_APPROVAL_ABOVE = 1_000
    got = clerk.post(PAYOUTS, asked(amount=amount))
    assert (got.status, got["status"]) == (202, status)
    assert got["approved_by"] == ("policy" if status == "approved" else None)
    assert told() == [("requested", amount)]


def test_a_rejected_payout_is_available_again(clerk, boss, ada):
    payout_id = ask(clerk)
    got = act(boss, payout_id, "reject", at=NOON + HOUR, reason="Looks odd")
    assert (got.status, got["status"], got["reason"]) == (200, "rejected", "Looks odd")
    assert got["ended_at"] == (NOON + HOUR).isoformat().replace("+00:00", "Z")
    assert wallet(ada) == (0, 10_000, 0, 0)
    assert told() == [("requested", 500), ("rejected", 500)]
    assert AuditEntry.objects.filter(after__icontains="odd").count() == 0


@pytest.mark.parametrize("reason", [None, "", "x" * 256, 5])
def test_a_rejection_says_why(clerk, boss, ada, reason):
    payout_id = ask(clerk)
    got = boss.post(f"{PAYOUTS}/{payout_id}/reject", {"reason": reason})
    assert (got.status, got.pointers) == (422, ["/reason"])


def test_the_scope_payouts_is_needed_and_no_key_has_it_unasked(clerk, ada):
    payout_id = ask(clerk)
    usual = Api(make_key())
    for got in (
        usual.get(PAYOUTS),
        usual.get(f"{PAYOUTS}/{payout_id}"),
        usual.post(PAYOUTS, asked()),
        act(usual, payout_id, "approve"),
        act(usual, payout_id, "paid"),
        usual.get("/cashback/sepa-files"),
        usual.post("/cashback/sepa-files", {}),
    ):
        assert (got.status, got["code"]) == (403, "scope_missing")


def test_what_is_none_of_ours_is_not_found(clerk):
    for payout_id in ("pay_1", "pay_" + "0" * 32, "red_" + "0" * 32, "x"):
        assert clerk.get(f"{PAYOUTS}/{payout_id}").status == 404
        assert act(clerk, payout_id, "approve").status == 404


def test_payouts_are_listed_by_status_and_customer_a_page_at_a_time(clerk, boss, ada):
    made = [
        ask(clerk, amount=100 + n, at=(NOON + timedelta(minutes=n)).isoformat()) for n in range(5)
    ]
    act(boss, made[1], "approve", at=NOON + HOUR)

    def listed(query):
        return [row["payout_id"] for row in clerk.get(f"{PAYOUTS}?{query}")["results"]]

    assert listed("status=approved") == [made[1]]
    assert listed("customer_id=ada&status=requested") == [made[0], *made[2:]]
    assert listed("customer_id=eve") == []
    first = clerk.get(f"{PAYOUTS}?limit=2")
    second = clerk.get(f"{PAYOUTS}?limit=3&cursor={first['next_cursor']}")
    assert [row["payout_id"] for row in first["results"] + second["results"]] == made
    assert second["next_cursor"] is None
    assert clerk.get(f"{PAYOUTS}?status=lost").status == 422
    assert clerk.get(f"{PAYOUTS}?cursor=abc").status == 422
