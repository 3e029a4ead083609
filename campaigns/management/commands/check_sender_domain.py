"""Look at the domain that mail is sent from; exit 1 where something is missing."""

from argparse import ArgumentParser
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.channels.dns import Dns
from campaigns.channels.message import sender_address
from campaigns.domain.arrived_mail import check_mail
from campaigns.domain.sender_domain import Finding, check_domain
from campaigns.domain.sender_domain_words import sentence


class Command(BaseCommand):
    help = (
        "Tell what SPF, DKIM and DMARC of the sender's domain lack, by the DNS, and by a mail of ours that has"
        " arrived."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", nargs="?", help="instead of that of MAIL_FROM")
        parser.add_argument(
            "--selector",
            action="append",
            default=[],
            help="the name of a DKIM key; may be repeated",
        )
        parser.add_argument("--message", type=Path, help="a mail as it arrived, with its headers")
        parser.add_argument("--server", help="ask this DNS server: ADDRESS or ADDRESS:PORT")
        parser.add_argument("--language", choices=("de", "en"), default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        domain = options["domain"] or sender_address().rpartition("@")[2]
        lookup = Dns(_server(options["server"]))
        found = check_domain(
            domain.lower().rstrip("."), lookup=lookup, selectors=options["selector"]
        )
        if options["message"] is not None:
            found += check_mail(_mail(options["message"]))
        for finding in found:
            self.stdout.write(self._style(finding)(sentence(finding, options["language"])))
        if any(finding.level == "missing" for finding in found):
            raise SystemExit(1)

    def _style(self, finding: Finding) -> Any:
        styles = {"good": self.style.SUCCESS, "missing": self.style.ERROR}
        return styles.get(finding.level, self.style.WARNING)


def _server(text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    address, _, port = text.partition(":")
    if not (port or "53").isdecimal():
        raise CommandError(f"{text} is no server: 192.0.2.53 or 192.0.2.53:5353")
    return address, int(port or 53)


def _mail(path: Path) -> EmailMessage:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    mail = BytesParser(policy=policy.default).parsebytes(raw, headersonly=True)
    assert isinstance(mail, EmailMessage)
    return mail
