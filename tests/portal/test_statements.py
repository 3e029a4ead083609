"""Statements of a month, read back from the files: they begin, sum and end exactly."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cashback.actions.adjust import adjust
from cashback.domain.entries import Entry
from portal.domain.statement import account_statements
from tests.api import DAY, HOUR, NOON, Api
from tests.cashback.money import buy, cancel, customer, give, hold, kept_rule, pay_with, wallet
from tests.portal.pages import Page, link, visit

#: NOON is in March; this is in May.
LATER = NOON + 60 * DAY


@pytest.fixture
def ada(api: Api) -> Api:
    shown = {"first_name": "Zoë", "last_name": "Świątek-Groß", "locale": "de"}
    api.put("/customers/ada", shown)
    return api


def file(api: Api, month: str, kind: str, *, currency="EUR", at=LATER, lang="") -> Page:
    path = link(api, at=at)
    return visit(f"{path}/statement/{currency}/{month}.{kind}", at=at, lang=lang)


def pdf(page: Page) -> PdfReader:
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(page.body))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages).replace("\xa0", " ")


def rows(page: Page, *, delimiter=";") -> list[dict[str, str]]:
    assert page.status == 200
    return list(csv.DictReader(io.StringIO(page.body.decode("utf-8-sig")), delimiter=delimiter))


def cents(amount: str) -> int:
    """What a person reads as so much money."""
    return int(re.sub(r"[^\d-]", "", amount.replace("\N{MINUS SIGN}", "-")))


def lived(key: int) -> None:
    """Two months in which everything happens."""
    give(key, 900, now=NOON, expires_at=NOON + 45 * DAY)
    rule = kept_rule("ten", percent="10")
    kept = buy(key, rule, delivered_at=NOON, now=NOON)
    back = buy(key, rule, delivered_at=NOON + DAY, now=NOON + DAY)
    buy(key, rule, now=NOON + 2 * DAY)
    pay_with(key, 350, now=NOON + 3 * DAY)
    cancel(back.order_key, key, now=NOON + 20 * DAY)
    cancel(kept.order_key, key, now=NOON + 23 * DAY)
    give(key, -77, now=NOON + 24 * DAY)
    hold(key, 120, now=NOON + 25 * DAY, expires_at=NOON + 26 * DAY)
    hold(key, 45, now=NOON + 26 * DAY, expires_at=LATER + DAY)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_of_each_account_opening_and_entries_sum_to_the_closing_that_the_next_month_opens_with(
    ada: Api, lang: str
):
    key = customer("ada")
    lived(key)

    closing: dict[str, int] = {}
    seen = 0
    for month in ("2026-02", "2026-03", "2026-04", "2026-05"):
        made = rows(file(ada, month, "csv", lang=lang), delimiter=";" if lang == "de" else ",")
        names = list(made[0])
        account, _, _, _, _, amount, balance, *_ = names
        for name in dict.fromkeys(row[account] for row in made):
            own = [row for row in made if row[account] == name]
            first, *moves, last = own
            assert cents(first[balance]) == closing.get(name, 0), (month, name)
            running = cents(first[balance])
            for row in moves:
                running += cents(row[amount])
                assert cents(row[balance]) == running, row
            assert cents(last[balance]) == running
            closing[name] = running
            seen += len(moves)
    pending, available, held, debt = wallet(key)
    ready, coming, aside = (
        ("Verfügbar", "Unterwegs", "Zurückgelegt")
        if lang == "de"
        else ("Ready to spend", "On its way", "Set aside")
    )
    assert (closing[ready], closing[coming], closing[aside]) == (available, pending, held)
    assert debt == 0
    assert seen > 15


def test_the_pdf_says_the_same_as_the_csv(ada: Api):
    lived(customer("ada"))

    reader = pdf(file(ada, "2026-03", "pdf"))
    told = text(reader)

    assert reader.metadata.title == "Cashback-Auszug März 2026 · EUR"
    for words in (
        "Teeladen", "Cashback-Auszug März 2026", "Zoë Świątek-Groß", "Kundenkennung ada",
        "Alle Beträge in EUR, Stand 31. März 2026.", "Verfügbar", "Unterwegs", "Zurückgelegt",
        "Gutschrift von uns", "sorry", "24.04.2026",
    ):  # fmt: skip
        assert words in told, words
    for row in rows(file(ada, "2026-03", "csv")):
        assert f"{row['Stand']} €" in told
        if row["Betrag"]:
            shown = row["Betrag"].replace("-", "\N{MINUS SIGN}")
            assert f"{shown if shown[0] == chr(0x2212) else '+' + shown} €" in told
        if row["Bestellung"]:
            assert f"Bestellung {row['Bestellung']}" in told
    balances = re.findall(r"(?:Anfangsstand|Endstand)\n?\s*([\d.,]+) €", told)
    assert len(balances) == 6
    assert "Seite 1 von 2" in told


def test_the_pdf_is_a4_with_its_font_inside(ada: Api):
    give(customer("ada"), 900, now=NOON)

    page = pdf(file(ada, "2026-03", "pdf")).pages[0]

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    fonts = page["/Resources"]["/Font"]
    embedded = [font.get_object().get("/FontDescriptor") for font in fonts.values()]
    shown = [each.get_object() for each in embedded if each is not None]
    assert shown
    assert all("/FontFile2" in each for each in shown)


def test_a_long_month_has_numbered_pages_and_no_entry_twice(ada: Api):
    key = customer("ada")
    for number in range(1, 121):
        give(key, number, now=NOON + timedelta(minutes=number))

    reader = pdf(file(ada, "2026-03", "pdf", lang="en"))

    told = text(reader)
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, start=1):
        assert f"Page {number} of {len(reader.pages)}" in page.extract_text()
    amounts = re.findall(r"\+(\d+\.\d\d) €", told)
    assert [cents(amount) for amount in amounts] == list(range(1, 121))
    assert "Ready to spend, continued" in told
    assert "72.60 €" in told


def test_the_month_under_way_says_so_and_one_to_come_is_not_found(ada: Api):
    give(customer("ada"), 900, now=NOON)

    told = text(pdf(file(ada, "2026-03", "pdf", at=NOON + HOUR)))

    assert "bisher: Stand 10. März 2026." in told
    assert file(ada, "2026-04", "pdf", at=NOON + HOUR).status == 404


def test_months_begin_by_the_clocks_of_the_shop(ada: Api):
    key = customer("ada")
    give(key, 100, now=datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    give(key, 20, now=datetime(2026, 3, 31, 22, 0, tzinfo=UTC))

    march, april = (rows(file(ada, f"2026-0{month}", "csv")) for month in (3, 4))

    assert [row["Betrag"] for row in march] == ["", "1,00", ""]
    assert [row["Stand"] for row in april] == ["1,00", "1,20", "1,20"]


@pytest.mark.parametrize(
    "reason", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", 'a;b,"c"\nd', "Größe €"]
)
def test_a_reason_is_never_a_formula(ada: Api, reason: str):
    key = customer("ada")
    told = {"currency": "EUR", "amount": 100, "reason": reason, "actor": "staff:1", "now": NOON}
    adjust(adjustment_id=uuid4(), customer_key=key, **told)

    for lang, delimiter in (("de", ";"), ("en", ",")):
        made = rows(file(ada, "2026-03", "csv", lang=lang), delimiter=delimiter)
        cell = list(made[1].values())[4]
        assert cell[0] not in "=+-@\t\r\n"
        assert cell.removeprefix("'") == reason
    assert file(ada, "2026-03", "pdf").status == 200


def test_what_the_font_does_not_know_breaks_nothing(api: Api):
    name = "\N{CJK UNIFIED IDEOGRAPH-8336}\N{TEACUP WITHOUT HANDLE}" + "W" * 200
    api.put("/customers/ada", {"first_name": name, "locale": "en"})
    give(customer("ada"), 123_456_789_00, now=NOON)

    told = text(pdf(file(api, "2026-03", "pdf")))

    assert "??WWW" in told
    assert "123,456,789.00 €" in told


def test_currencies_without_minor_units_have_none(ada: Api):
    buy(customer("ada"), kept_rule("ten", percent="10"), currency="JPY", now=NOON)

    made = rows(file(ada, "2026-03", "csv", currency="JPY"))

    assert ("100", "JPY") in {(row["Betrag"], row["Währung"]) for row in made}


def test_files_are_saved_under_a_name_that_tells(ada: Api):
    give(customer("ada"), 900, now=NOON)

    page = file(ada, "2026-03", "csv")

    assert page.headers["Content-Disposition"].endswith('filename="teeladen-eur-2026-03.csv"')
    assert page.headers["Cache-Control"] == "no-store, private"
    assert file(ada, "2026-03", "pdf").body == file(ada, "2026-03", "pdf").body


def entry(account: str, amount: int) -> Entry:
    return Entry(1, 1, NOON, "adjust", account, amount, 0, None, None, None, None, None)


NAMES = ("available", "pending", "held", "debt")
AMOUNTS = st.integers(-(10**12), 10**12)
MOVES = st.lists(st.tuples(st.sampled_from(NAMES), AMOUNTS), max_size=30)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, AMOUNTS)), MOVES)
@settings(deadline=None)
def test_whatever_happens_each_account_sums_up(opening, moves):
    made = account_statements(opening, [entry(account, amount) for account, amount in moves])

    told = {each.account: each for each in made}
    for account in NAMES:
        amounts = [amount for moved, amount in moves if moved == account]
        if account not in told:
            assert account != "available"
            assert not opening.get(account)
            assert not amounts
            continue
        each = told[account]
        assert each.closing == each.opening + sum(line.entry.amount for line in each.lines)
        assert [line.entry.amount for line in each.lines] == amounts
        assert [line.balance for line in each.lines][-1:] in ([], [each.closing])
