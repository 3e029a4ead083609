"""What a mail that has arrived says of how it was signed: by its headers, as they are when it is saved."""

import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.utils import parseaddr

from campaigns.domain.sender_domain import Finding, aligned, tags_of

#: What one click needs to be believed (RFC 8058, section 4).
ONE_CLICK = ("list-unsubscribe", "list-unsubscribe-post")
_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)


def check_mail(mail: EmailMessage) -> list[Finding]:
    """What the headers of a mail that has arrived say: who signed it, what is signed, what was found there."""
    domain = parseaddr(str(mail.get("From", "")))[1].rpartition("@")[2].lower()
    signatures = [tags_of(str(each)) for each in mail.get_all("DKIM-Signature", [])]
    return [*_signed(domain, signatures, mail), *_results(mail)]


def _signed(
    domain: str, signatures: Sequence[Mapping[str, str]], mail: EmailMessage
) -> Iterator[Finding]:
    if not signatures:
        yield Finding("missing", "mail_unsigned")
        return
    own = [each for each in signatures if aligned(each.get("d", ""), domain)]
    if not own:
        names = ", ".join(sorted({each.get("d", "") for each in signatures}))
        yield Finding("missing", "mail_not_aligned", (names, domain))
        return
    best = min(own, key=lambda each: len(_unsigned(each)))
    yield Finding("good", "mail_aligned", (best.get("d", ""), best.get("s", "")))
    if "List-Unsubscribe" not in mail:
        yield Finding("unknown", "one_click_absent")
    elif missing := _unsigned(best):
        yield Finding("missing", "one_click_unsigned", (", ".join(missing),))
    else:
        yield Finding("good", "one_click_signed")
    yield Finding("unknown", "mail_unverified")


def _unsigned(signature: Mapping[str, str]) -> list[str]:
    """The headers of one click that the signature does not cover."""
    covered = signature.get("h", "").lower().split(":")
    return [name for name in ONE_CLICK if name not in covered]


def _results(mail: EmailMessage) -> Iterator[Finding]:
    """The uppermost word is that of the mailbox's own server; others may be anybody's."""
    words = mail.get_all("Authentication-Results", [])
    results = dict(reversed(_RESULT.findall(str(words[0])))) if words else {}
    if not results:
        yield Finding("unknown", "no_results")
    for name, result in sorted(results.items()):
        level = "good" if result.lower() == "pass" else "missing"
        yield Finding(level, f"result_{level}", (name.lower(), result.lower()))  # type: ignore[arg-type]  # one of two
