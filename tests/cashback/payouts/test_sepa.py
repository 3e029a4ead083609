"""Files for the bank: valid by ISO 20022's schema, right to the cent, each payout in one of them."""

import random
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
import xmlschema
from stdnum import iban as ibans

from cashback.actions.sepa_files import FILES_KEPT_FOR, forget_files
from cashback.channels import sepa
from cashback.models import SepaFile
from journal.models import AuditEntry
from tests.api import HOUR, NOON, make_key
from tests.cashback.money import customer, give, wallet
from tests.cashback.payouts.asking import (
    BANK,
    FILES,
    IBAN,
    MASKED,
    PAYOUTS,
    act,
    ask,
    key_of,
    make_file,
    told,
)
from tests.privacy.life import table_dump
from tests.races.storm import SEEDS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema():
    """As ISO 20022 has it."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def approved(clerk, boss, **changes):
    payout_id = ask(clerk, **changes)
    assert act(boss, payout_id, "approve").status == 200
    return payout_id


def download(api, file_id):
    return api.get(f"{FILES}/{file_id}/pain.001.xml?at=2026-03-10T12:00:00Z")


def payments(schema, raw):
    """Read by the schema alone: header, payment information, and its transactions."""
    document = schema.to_dict(raw.decode())
    content = document["CstmrCdtTrfInitn"]
    [batch] = content["PmtInf"]
    return content["GrpHdr"], batch, batch["CdtTrfTxInf"]


def test_a_file_holds_what_is_approved_and_nothing_else(clerk, boss, ada, schema):
    first = approved(clerk, boss, amount=5)
    second = approved(
        clerk, boss, amount=1_234, destination=BANK | {"name": "Zoë  Jürgensen & Co."}
    )
    waiting = ask(clerk, amount=700)

    got = make_file(boss)

    assert (got.status, got["payouts"], got["total"], got["currency"]) == (201, 2, 1_239, "EUR")
    raw = download(boss, got["sepa_file_id"])
    assert (raw.status, raw.headers["Content-Type"]) == (200, "application/xml")
    assert raw.headers["Cache-Control"] == "no-store"
    assert schema.is_valid(raw.raw.decode())
    header, batch, rows = payments(schema, raw.raw)
    assert (header["MsgId"], header["NbOfTxs"], header["CtrlSum"]) == (
        got["message_id"], "2", Decimal("12.39"),
    )  # fmt: skip
    assert header["InitgPty"]["Nm"] == batch["Dbtr"]["Nm"] == "Teeladen Muller Sohne"
    assert batch["DbtrAcct"]["Id"]["IBAN"] == "DE02120300000000202051"
    assert batch["DbtrAgt"]["FinInstnId"]["BICFI"] == "BYLADEM1001"
    assert batch["ReqdExctnDt"]["Dt"] == "2026-03-10"
    assert [row["PmtId"]["EndToEndId"] for row in rows] == [key_of(first).hex, key_of(second).hex]
    assert [row["Amt"]["InstdAmt"]["$"] for row in rows] == [Decimal("0.05"), Decimal("12.34")]
    assert {row["Amt"]["InstdAmt"]["@Ccy"] for row in rows} == {"EUR"}
    assert [row["Cdtr"]["Nm"] for row in rows] == ["Ada Lovelace", "Zoe Jurgensen Co."]
    assert {row["CdtrAcct"]["Id"]["IBAN"] for row in rows} == {IBAN}
    assert [row["RmtInf"]["Ustrd"] for row in rows] == [
        [f"Teeladen {first}"], [f"Teeladen {second}"],
    ]  # fmt: skip
    states = {row["payout_id"]: row["status"] for row in clerk.get(PAYOUTS)["results"]}
    assert states == {first: "submitted", second: "submitted", waiting: "requested"}


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_in_it_sums_up_to_the_cent(clerk, boss, schema, seed):
    chance = random.Random(seed)
    give(customer("ada"), 10**12, now=NOON)
    amounts = [chance.choice([1, 9, 10, 99, 100, 101, chance.randint(1, 10**9)]) for _ in range(40)]
    accounts = [_some_iban(chance) for _ in amounts]
    for amount, account in zip(amounts, accounts, strict=True):
        approved(clerk, boss, amount=amount, destination=BANK | {"iban": account})

    got = make_file(boss)

    header, batch, rows = payments(schema, download(boss, got["sepa_file_id"]).raw)
    assert [row["Amt"]["InstdAmt"]["$"] * 100 for row in rows] == amounts
    assert [row["CdtrAcct"]["Id"]["IBAN"] for row in rows] == accounts
    assert header["CtrlSum"] * 100 == batch["CtrlSum"] * 100 == got["total"] == sum(amounts)


def _some_iban(chance):
    digits = "".join(chance.choice("0123456789") for _ in range(18))
    return f"DE{ibans.calc_check_digits('DE00' + digits)}{digits}"


def test_a_file_that_would_say_something_else_is_not_made(clerk, boss, ada):
    approved(clerk, boss)
    raw = download(boss, make_file(boss)["sepa_file_id"]).raw
    assert sepa.read_back(raw)[0][-1] == 500
    for wrong in (
        raw.replace(b"<CtrlSum>5.00", b"<CtrlSum>5.01", 1),
        raw.replace(b"<NbOfTxs>1", b"<NbOfTxs>2", 1),
        raw.replace(b'"EUR">5.00', b'"EUR">50.0'),
    ):
        assert wrong != raw
        with pytest.raises(sepa.FileDiffers):
            sepa.read_back(wrong)


def test_a_payout_is_in_one_file_only(clerk, boss, ada):
    made = [approved(clerk, boss, amount=100 + n) for n in range(3)]
    first, second = make_file(boss, limit=2), make_file(boss)
    assert [first["payouts"], second["payouts"]] == [2, 1]
    assert clerk.get(f"{PAYOUTS}/{made[2]}")["sepa_file_id"] == second["sepa_file_id"]
    third = make_file(boss)
    assert (third.status, third["code"]) == (409, "state_transition_not_allowed")
    listed = boss.get(FILES)["results"]
    assert [row["sepa_file_id"] for row in listed] == [
        first["sepa_file_id"],
        second["sepa_file_id"],
    ]
    assert boss.get(f"{FILES}/{first['sepa_file_id']}").body == listed[0]


def test_the_same_call_again_makes_no_second_file(clerk, boss, ada):
    approved(clerk, boss)
    body = {"at": NOON.isoformat()}
    first = boss.post(FILES, body, idempotency_key="the-file-of-today-1")
    approved(clerk, boss)
    again = boss.post(FILES, body, idempotency_key="the-file-of-today-1")
    assert (first.status, again.raw, SepaFile.objects.count()) == (201, first.raw, 1)


@pytest.mark.parametrize("missing", ["SEPA_NAME", "SEPA_IBAN", "SEPA_BIC"])
def test_without_an_account_of_its_own_the_shop_makes_no_file(clerk, boss, ada, settings, missing):
    approved(clerk, boss)
    setattr(settings, missing, "")
    got = make_file(boss)
    assert (got.status, got["code"]) == (409, "payout_provider_not_set_up")


def test_what_the_bank_returned_is_told_first_and_then_the_whole_file(clerk, boss, ada):
    made = [approved(clerk, boss, amount=100 + n) for n in range(3)]
    file_id = make_file(boss)["sepa_file_id"]
    act(boss, made[1], "failed", reason="account closed")

    paid = boss.post(f"{FILES}/{file_id}/paid", {"at": (NOON + HOUR).isoformat()})

    assert paid.body == {"sepa_file_id": file_id, "paid": 2}
    assert boss.post(f"{FILES}/{file_id}/paid", {"at": NOON.isoformat()})["paid"] == 0
    assert [row["status"] for row in clerk.get(PAYOUTS)["results"]] == ["paid", "failed", "paid"]
    assert sorted(told()[3:]) == [("failed", 101), ("paid", 100), ("paid", 102)]
    assert wallet(ada) == (0, 10_000 - 202, 0, 0)


def test_a_file_is_sealed_and_who_had_it_is_known(clerk, boss, ada):
    approved(clerk, boss)
    file_id = make_file(boss)["sepa_file_id"]
    download(boss, file_id)
    assert IBAN.encode() not in table_dump("cashback_sepafile")
    done = AuditEntry.objects.filter(subject_id=file_id).order_by("id")
    assert [entry.action for entry in done] == ["sepa_file.make", "sepa_file.hand_out"]
    assert done[0].after["sha256"] == done[1].after["sha256"]
    assert IBAN not in str([entry.after for entry in done])


def test_with_another_secret_key_nothing_goes_to_a_wrong_place(clerk, boss, ada, settings):
    """What cannot be read is not paid: it can be rejected."""
    approved(clerk, boss)
    file_id = make_file(boss)["sepa_file_id"]
    waiting = approved(clerk, boss)
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "another one, as after a restore of the wrong backup"
    for api in (clerk, boss):
        api.key = make_key("payouts", name=f"{api.key[-4:]} again")
    assert download(boss, file_id).status == 404
    assert make_file(boss).status == 409
    got = clerk.get(f"{PAYOUTS}/{waiting}")
    assert (got.status, got["destination"]["iban"], got["destination"]["name"]) == (
        200, MASKED, None,
    )  # fmt: skip
    assert act(boss, waiting, "reject")["status"] == "rejected"
    settings.SECRET_KEY = before


def test_after_ninety_days_a_file_is_empty_and_its_sum_stays(clerk, boss, ada):
    approved(clerk, boss)
    file_id = make_file(boss)["sepa_file_id"]
    assert forget_files(now=NOON + FILES_KEPT_FOR) == 0
    assert forget_files(now=NOON + FILES_KEPT_FOR + timedelta(seconds=1)) == 1
    assert download(boss, file_id).status == 404
    assert boss.get(f"{FILES}/{file_id}")["total"] == 500


def test_what_is_none_of_ours_is_not_found(boss):
    for file_id in ("sep_1", "sep_" + "0" * 32, "pay_" + "0" * 32):
        assert boss.get(f"{FILES}/{file_id}").status == 404
        assert download(boss, file_id).status == 404
        assert boss.post(f"{FILES}/{file_id}/paid", {}).status == 404
