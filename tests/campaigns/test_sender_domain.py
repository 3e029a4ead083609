"""What a sender's domain says of itself, and what a mail that has arrived shows."""

import base64
from collections.abc import Mapping, Sequence
from email import policy
from email.message import EmailMessage
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.domain.arrived_mail import check_mail
from campaigns.domain.sender_domain import NotAnswered, RecordType, check_domain
from campaigns.domain.sender_domain_words import WORDS, sentence
from tests.campaigns.dns_server import serving

KEY = base64.b64encode(bytes(294)).decode()
GOOD: dict[str, dict[str, list[str]]] = {
    "tea.example": {"TXT": ["v=spf1 include:mail.example -all", "other=1"], "MX": ["10 mx.tea.example."]},
    "mail.example": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
    "pm._domainkey.tea.example": {"TXT": [f"v=DKIM1; k=rsa; p={KEY}"]},
    "_dmarc.tea.example": {"TXT": ["v=DMARC1; p=quarantine"]},
}  # fmt: skip


def codes(
    zone: Mapping[str, Mapping[str, Sequence[str]]],
    domain: str = "tea.example",
    selectors: Sequence[str] = ("pm",),
) -> list[tuple[str, str]]:
    def lookup(name: str, kind: RecordType) -> Sequence[str]:
        return zone.get(name, {}).get(kind, [])

    found = check_domain(domain, lookup=lookup, selectors=selectors)
    for finding in found:
        for language in ("de", "en"):
            assert sentence(finding, language)  # type: ignore[arg-type]  # one of the two
    return [(each.level, each.code) for each in found if each.level != "unknown"]


def missing(**changes: Any) -> list[str]:
    """What is missing if this of a good zone is otherwise; None: it is not there."""
    names = {
        "spf": "tea.example",
        "dkim": "pm._domainkey.tea.example",
        "dmarc": "_dmarc.tea.example",
    }
    zone = dict(GOOD)
    for what, texts in changes.items():
        zone[names[what]] = {**zone[names[what]], "TXT": texts}
    return [code for level, code in codes(zone) if level == "missing"]


def test_a_domain_that_has_all_lacks_nothing() -> None:
    assert codes(GOOD) == [("good", "spf"), ("good", "dkim"), ("good", "dmarc"), ("good", "mx")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"spf": []}, ["spf_none"]),
        ({"spf": ["v=spf10 -all"]}, ["spf_none"]),
        ({"spf": ["v=spf1 -all", "V=SPF1 ~all"]}, ["spf_twice"]),
        ({"spf": ["v=spf1 +all"]}, ["spf_everybody"]),
        ({"spf": ["v=spf1 all"]}, ["spf_everybody"]),
        ({"spf": ["v=spf1 mx ?all"]}, ["spf_no_end"]),
        ({"spf": ["v=spf1 mx"]}, ["spf_no_end"]),
        ({"spf": ["v=spf1 redirect=mail.example"]}, []),
        ({"spf": ["v=spf1 " + "exists:a.example " * 11 + "-all"]}, ["spf_too_long"]),
        ({"spf": ["v=spf1 include:tea.example a mx -all"]}, []),
        ({"dkim": []}, ["dkim_none"]),
        ({"dkim": ["v=DKIM1; p="]}, ["dkim_revoked"]),
        ({"dkim": ["v=DKIM1; p=???"]}, ["dkim_broken"]),
        ({"dkim": [f"v=DKIM1; p={base64.b64encode(bytes(94)).decode()}"]}, ["dkim_short"]),
        ({"dkim": [f"v=DKIM1; p={base64.b64encode(bytes(162)).decode()}"]}, []),
        ({"dkim": [f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(32)).decode()}"]}, []),
        ({"dmarc": []}, ["dmarc_none"]),
        ({"dmarc": ["v=DMARC1; rua=mailto:x@y.example"]}, ["dmarc_no_policy"]),
        ({"dmarc": ["v=DMARC1; p=none"] * 2}, ["dmarc_twice"]),
        ({"dmarc": ["v=DMARC1; p=none"]}, []),
        ({"dmarc": ["p=none"]}, ["dmarc_none"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_missing_is_said(changes: dict[str, list[str]], expected: list[str]) -> None:
    assert missing(**changes) == expected


def test_a_domain_below_another_is_covered_by_what_that_says_of_those_below() -> None:
    zone = {
        "news.tea.example": {"TXT": ["v=spf1 -all"], "A": ["192.0.2.1"]},
        "pm._domainkey.news.tea.example": GOOD["pm._domainkey.tea.example"],
        "_dmarc.tea.example": {"TXT": ["v=DMARC1; p=reject; sp=never"]},
    }
    assert ("missing", "dmarc_no_policy") in codes(zone, "news.tea.example")
    zone["_dmarc.tea.example"] = {"TXT": ["v=DMARC1; p=reject; sp=none"]}
    assert ("good", "dmarc_watches") in codes(zone, "news.tea.example")


def test_keys_are_looked_for_under_the_usual_names() -> None:
    assert ("good", "dkim") in codes(GOOD, selectors=())
    without = {name: records for name, records in GOOD.items() if "_domainkey" not in name}
    assert ("missing", "dkim_not_found") in codes(without, selectors=())


@pytest.mark.parametrize(
    ("domain", "code"),
    [("localhost", "no_domain"), ("gmail.com", "not_yours"), ("hotmail.co.uk", "not_yours")],
)
def test_a_domain_that_nobody_may_send_from_is_told(domain: str, code: str) -> None:
    assert codes({}, domain) == [("missing", code)]


def test_answers_need_somebody_who_takes_them() -> None:
    for records in ({"MX": ["0 ."]}, {"MX": []}):
        zone = {**GOOD, "tea.example": {**GOOD["tea.example"], **records}}
        assert ("missing", "mx_none") in codes(zone)
    zone = {**GOOD, "tea.example": {"TXT": GOOD["tea.example"]["TXT"], "A": ["192.0.2.1"]}}
    assert ("good", "mx") in codes(zone)


def test_a_dns_that_does_not_answer_is_no_lack() -> None:
    def lookup(name: str, kind: RecordType) -> Sequence[str]:
        raise NotAnswered(name)

    found = check_domain("tea.example", lookup=lookup)
    assert {(each.level, each.code) for each in found} == {("unknown", "not_answered")}
    assert [each.values[0] for each in found] == ["SPF", "DKIM", "DMARC", "MX"]


def arrived(**headers: str | None) -> EmailMessage:
    """A mail as it arrived, with these headers otherwise; None: without."""
    usual: dict[str, str | None] = {
        "Authentication-Results": "mx.gmail.example; dkim=pass header.i=@tea.example; spf=pass; dmarc=pass",
        "DKIM-Signature": "v=1; a=rsa-sha256; d=tea.example; s=pm; bh=x; b=y;\n"
                          " h=From:To:Subject:List-Unsubscribe:\n  List-Unsubscribe-Post",
        "From": "Teeladen <post@tea.example>",
        "List-Unsubscribe": "<https://tea.example/u/1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }  # fmt: skip
    text = "\n".join(
        f"{name}: {value}"
        for name, value in {**usual, **headers}.items()
        if value is not None
    )  # fmt: skip
    mail = Parser(policy=policy.default).parsestr(text + "\n\n")
    assert isinstance(mail, EmailMessage)
    return mail


def said(mail: EmailMessage) -> list[str]:
    return [each.code for each in check_mail(mail) if each.level == "missing"]


def test_a_mail_that_is_signed_well_lacks_nothing() -> None:
    assert said(arrived()) == []
    below = "v=1; d=mail.tea.example; s=x; h=from:list-unsubscribe:list-unsubscribe-post"
    assert said(arrived(**{"DKIM-Signature": below})) == []


def test_a_mail_shows_what_it_lacks() -> None:
    other = "v=1; d=provider.example; s=x; h=from:list-unsubscribe:list-unsubscribe-post"
    assert said(arrived(**{"DKIM-Signature": None})) == ["mail_unsigned"]
    assert said(arrived(**{"DKIM-Signature": other})) == ["mail_not_aligned"]
    assert said(
        arrived(**{"DKIM-Signature": "v=1; d=tea.example; s=x; h=from:list-unsubscribe"})
    ) == ["one_click_unsigned"]
    failed = "mx.example; dkim=fail; spf=softfail; dmarc=pass"
    assert said(arrived(**{"Authentication-Results": failed})) == ["result_missing"] * 2
    nothing = check_mail(arrived(**{"Authentication-Results": None, "List-Unsubscribe": None}))
    assert {each.code for each in nothing if each.level == "unknown"} >= {
        "no_results", "one_click_absent", "mail_unverified",
    }  # fmt: skip


def test_the_command_asks_a_real_server_and_speaks_german(
    settings: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings.MAIL_FROM = "Teeladen <post@tea.example>"
    mail = tmp_path / "arrived.eml"
    mail.write_bytes(arrived().as_bytes())
    with serving(GOOD) as port:
        options: dict[str, Any] = {"server": f"127.0.0.1:{port}", "selector": ["pm"]}
        call_command("check_sender_domain", message=mail, **options)
        assert "good     SPF: v=spf1 include:mail.example -all" in capsys.readouterr().out
        with pytest.raises(SystemExit, match="1"):
            call_command("check_sender_domain", "sea.example", language="de", **options)
    told = capsys.readouterr().out
    assert "fehlt    DMARC: Unter _dmarc.sea.example steht nichts." in told
    with serving({}, is_broken=True) as port:
        call_command("check_sender_domain", server=f"127.0.0.1:{port}")
    assert "DNS did not answer" in capsys.readouterr().out


def test_the_command_says_what_it_cannot_read(settings: Any) -> None:
    with pytest.raises(CommandError, match="is no server"):
        call_command("check_sender_domain", "tea.example", server="here:there")
    with serving(GOOD) as port, pytest.raises(CommandError, match="No such file"):
        call_command(
            "check_sender_domain", "tea.example", server=f"127.0.0.1:{port}", message=Path("/none")
        )


def test_all_words_are_said_in_both_languages() -> None:
    for english, german in WORDS.values():
        assert english.count("{") == german.count("{")
        assert english
        assert german
