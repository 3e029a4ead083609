"""Where webhooks may go: the form of an address, and which networks are the open Internet."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_URL = 2000

_PORTS = {"https": 443, "http": 80}
#: Letters, digits, dots, hyphens and underscores; or an IPv6 address, whose brackets are off.
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}")
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_FORM = "An address as https://shop.example/webhooks, in ASCII, without a name and password."

# Python 3.11 takes some of these for global, so they are written down: the special-purpose
# registries of IANA, with multicast, and for IPv6 only what lies in the one block that is given out.
_CLOSED_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
# The tunnels (Teredo, 6to4) hold an IPv4 address that is nobody's to check.
_CLOSED_V6 = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class NoReceiver(Exception):
    """Nothing can be sent to this address; the text says what an address is."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """An address taken apart; `target` is its path with the query."""

    scheme: str
    host: str
    port: int
    target: str


def parse_receiver(url: str, *, allow_plain: bool) -> Receiver:
    """The parts of `url`; http is taken only with `allow_plain`.

    >>> parse_receiver("https://shop.example/hooks?a=1", allow_plain=False)
    Receiver(scheme='https', host='shop.example', port=443, target='/hooks?a=1')

    Raises:
        NoReceiver
    """
    if len(url) > LONGEST_URL or not _VISIBLE.fullmatch(url) or "\\" in url:
        raise NoReceiver(_FORM)
    try:
        parts = urlsplit(url)
        # The dot of the root means the same host.
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        raise NoReceiver(_FORM) from None
    if parts.scheme not in _PORTS or "@" in parts.netloc or not _HOST.fullmatch(host) or port == 0:
        raise NoReceiver(_FORM)
    if parts.scheme != "https" and not allow_plain:
        raise NoReceiver("Only https is sent to.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Receiver(parts.scheme, host, port or _PORTS[parts.scheme], target)


def is_public(address: str) -> bool:
    """Whether the IP address is one of the open Internet: no private, local, mapped or reserved one.

    >>> [is_public(a) for a in ("93.184.215.14", "10.0.0.1", "::ffff:93.184.215.14", "fe80::1%eth0")]
    [True, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _CLOSED_V4)
    if found.scope_id is not None or found not in _OPEN_V6:
        return False
    return not any(found in network for network in _CLOSED_V6)
