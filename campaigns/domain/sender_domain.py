"""What a sender's domain says of itself in the DNS: SPF, DKIM, DMARC, and where answers go.

Sources: RFC 7208 (SPF), 6376 (DKIM), 7489 (DMARC), 7505 (null MX), 8058 (one click), and what Gmail and
Yahoo ask of senders.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from campaigns.domain.pace import mailbox_kind

RecordType = Literal["TXT", "MX", "A", "AAAA"]
Lookup = Callable[[str, RecordType], Sequence[str]]
Level = Literal["good", "missing", "unknown"]

#: More look-ups are an error for whoever checks (RFC 7208, 4.6.4).
MOST_LOOKUPS = 10
#: Of an RSA key as it stands in the DNS: 162 bytes are 1024 bits, the least that Gmail takes, and 294 are 2048.
_BYTES_OF_1024_BITS, _BYTES_OF_2048_BITS = 158, 290
_POLICIES = ("none", "quarantine", "reject")
#: Under which names keys usually stand.
USUAL_SELECTORS = (
    "default", "dkim", "mail", "mail1", "s1", "s2", "k1", "k2", "k3", "pm", "mailjet", "resend",
    "brevo", "brevo1", "brevo2", "mta", "mx", "pic", "smtp", "scph1", "selector1", "selector2", "google",
)  # fmt: skip


class NotAnswered(Exception):
    """The DNS did not answer: nobody knows whether there is a record."""


class Finding(Struct, frozen=True):
    """One thing that was looked at; `code` has its words in `sender_domain_words`."""

    level: Level
    code: str
    values: tuple[str, ...] = ()


def check_domain(domain: str, *, lookup: Lookup, selectors: Sequence[str] = ()) -> list[Finding]:
    """What the domain of a sender has and lacks. `lookup` gives the texts of records, or raises NotAnswered."""
    if "." not in domain:
        return [Finding("missing", "no_domain", (domain,))]
    if mailbox_kind(f"post@{domain}") != "other":
        return [Finding("missing", "not_yours", (domain,))]
    found: list[Finding] = []
    for part, check in (
        ("SPF", lambda: _spf(domain, lookup)),
        ("DKIM", lambda: _dkim(domain, lookup, selectors)),
        ("DMARC", lambda: _dmarc(domain, lookup)),
        ("MX", lambda: _mx(domain, lookup)),
    ):
        try:
            found += check()
        except NotAnswered as failed:
            found.append(Finding("unknown", "not_answered", (part, str(failed))))
    return found


def aligned(one: str, other: str) -> bool:
    """Whether two domains are of one organisation, as far as their names say so: the same, or one below the other.

    >>> aligned("tea.example", "mail.tea.example"), aligned("tea.example", "sea.example")
    (True, False)
    """
    one, other = (name.lower().rstrip(".") for name in (one, other))
    shorter, longer = sorted((one, other), key=len)
    return one == other or ("." in shorter and longer.endswith(f".{shorter}"))


def tags_of(text: str) -> Mapping[str, str]:
    """`a=1; b=2` as DKIM and DMARC write it; names in small letters, the first one counts.

    >>> dict(tags_of("v=DMARC1; p = none;"))
    {'v': 'DMARC1', 'p': 'none'}
    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, is_tag, value = part.partition("=")
        if is_tag:
            found.setdefault(name.strip().lower(), "".join(value.split()))
    return found


def _spf(domain: str, lookup: Lookup) -> Iterator[Finding]:
    records = _spf_records(domain, lookup)
    if not records:
        yield Finding("missing", "spf_none", (domain,))
        return
    if len(records) > 1:
        yield Finding("missing", "spf_twice", (domain,))
        return
    (record,) = records
    end = _end_of_spf(record)
    if end in ("+all", "all"):
        yield Finding("missing", "spf_everybody", (record,))
    elif end in ("-all", "~all", "redirect"):
        yield Finding("good", "spf", (record,))
    else:
        yield Finding("missing", "spf_no_end", (record,))
    count = _lookups(record, lookup, seen={domain})
    if count > MOST_LOOKUPS:
        yield Finding("missing", "spf_too_long", (str(count),))
    yield Finding("unknown", "spf_return_path")


def _spf_records(domain: str, lookup: Lookup) -> list[str]:
    return [each for each in lookup(domain, "TXT") if each.lower().split(" ")[0] == "v=spf1"]


def _end_of_spf(record: str) -> str:
    terms = record.lower().split()[1:]
    ends = [term for term in terms if term.lstrip("+-~?") == "all"]
    if ends:
        return ends[0]
    return "redirect" if any(term.startswith("redirect=") for term in terms) else ""


def _lookups(record: str, lookup: Lookup, *, seen: set[str]) -> int:
    """How many look-ups whoever checks it makes; of what includes itself it is counted once."""
    count = 0
    for term in record.split()[1:]:
        word = term.lstrip("+-~?")
        name, _, argument = word.replace("redirect=", "redirect:").partition(":")
        name = name.partition("/")[0].lower()
        if name not in ("include", "redirect", "a", "mx", "ptr", "exists"):
            continue
        count += 1
        if name in ("include", "redirect") and argument and argument not in seen:
            seen.add(argument)
            for below in _spf_records(argument, lookup)[:1]:
                count += _lookups(below, lookup, seen=seen)
        if count > 4 * MOST_LOOKUPS:
            break
    return count


def _dkim(domain: str, lookup: Lookup, selectors: Sequence[str]) -> Iterator[Finding]:
    found = 0
    for selector in selectors or USUAL_SELECTORS:
        name = f"{selector}._domainkey.{domain}"
        records = [each for each in lookup(name, "TXT") if "p" in tags_of(each)]
        if records:
            found += 1
            yield _dkim_key(name, tags_of(records[0]))
        elif selectors:
            yield Finding("missing", "dkim_none", (name,))
    if not found and not selectors:
        yield Finding("missing", "dkim_not_found", (domain,))
    yield Finding("unknown", "dkim_used")


def _dkim_key(name: str, tags: Mapping[str, str]) -> Finding:
    if not tags["p"]:
        return Finding("missing", "dkim_revoked", (name,))
    try:
        length = len(base64.b64decode(tags["p"], validate=True))
    except binascii.Error:
        return Finding("missing", "dkim_broken", (name,))
    is_rsa = tags.get("k", "rsa") == "rsa"
    if is_rsa and length < _BYTES_OF_1024_BITS:
        return Finding("missing", "dkim_short", (name,))
    if is_rsa and length < _BYTES_OF_2048_BITS:
        return Finding("good", "dkim_1024", (name,))
    return Finding("good", "dkim", (name,))


def _dmarc(domain: str, lookup: Lookup) -> Iterator[Finding]:
    for name in _upwards(domain):
        records = [
            each for each in lookup(f"_dmarc.{name}", "TXT") if tags_of(each).get("v") == "DMARC1"
        ]
        if len(records) > 1:
            yield Finding("missing", "dmarc_twice", (name,))
            return
        if records:
            yield _dmarc_policy(name, tags_of(records[0]), is_own=name == domain)
            return
    yield Finding("missing", "dmarc_none", (domain,))


def _dmarc_policy(name: str, tags: Mapping[str, str], *, is_own: bool) -> Finding:
    policy = tags.get("p", "") if is_own else tags.get("sp", tags.get("p", ""))
    if policy.lower() not in _POLICIES:
        return Finding("missing", "dmarc_no_policy", (name,))
    code = "dmarc_watches" if policy.lower() == "none" else "dmarc"
    return Finding("good", code, (name, policy.lower()))


def _upwards(domain: str) -> Iterator[str]:
    """The domain and those above it, without the last label."""
    labels = domain.split(".")
    for at in range(len(labels) - 1):
        yield ".".join(labels[at:])


def _mx(domain: str, lookup: Lookup) -> Iterator[Finding]:
    records = [each.split()[-1].rstrip(".") for each in lookup(domain, "MX")]
    if records == [""] or (not records and not lookup(domain, "A") and not lookup(domain, "AAAA")):
        yield Finding("missing", "mx_none", (domain,))
    else:
        yield Finding("good", "mx", (", ".join(sorted(records)) or domain,))
