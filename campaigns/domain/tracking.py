"""Links of a letter as they are followed: what is kept of them, how a mark names them, UTM parameters.

A link is kept as it is for everybody, with `CODE_PLACE` where the personal code stands; so a mark needs
no address in it, and nobody can make it lead elsewhere.
"""

from urllib.parse import quote

#: No address has blanks or braces.
CODE_PLACE = "{{ code }}"
#: Links of one campaign are numbered from 0; so many of them fit into a mark beside the delivery.
MOST_LINKS = 1 << 15


def key_of_link(delivery_key: int, number: int) -> int:
    """A link of one message as one number.

    >>> link_of_key(key_of_link(4_000_000_000, 32_767))
    (4000000000, 32767)
    """
    return delivery_key * MOST_LINKS + number


def link_of_key(key: int) -> tuple[int, int]:
    """The delivery and the link's number."""
    return divmod(key, MOST_LINKS)


def with_code(url: str, code: str) -> str:
    """The address that one person got.

    >>> with_code("https://shop.example/tea?code={{ code }}", "TEA 7")
    'https://shop.example/tea?code=TEA%207'
    """
    return url.replace(CODE_PLACE, quote(code, safe=""))


def utm_query(*, source: str, campaign_id: str, medium: str = "email", variant: str = "") -> str:
    """What tells the shop's own statistics where a visit came from; "" where the shop wants none.

    >>> utm_query(source="newsletter", campaign_id="spring:1", variant="b")
    'utm_source=newsletter&utm_medium=email&utm_campaign=spring%3A1&utm_content=b'
    """
    if not source:
        return ""
    named = {"source": source, "medium": medium, "campaign": campaign_id, "content": variant}
    return "&".join(f"utm_{name}={quote(text, safe='')}" for name, text in named.items() if text)


def with_utm(url: str, query: str) -> str:
    """The address with the parameters, not a letter of it changed; as it is where it has some already.

    >>> with_utm("https://shop.example/?a=1#top", "utm_source=x")
    'https://shop.example/?a=1&utm_source=x#top'
    """
    front, hash_sign, fragment = url.partition("#")
    path, mark, asked = front.partition("?")
    if not query or any(part[:4].lower() == "utm_" for part in asked.split("&")):
        return url
    between = "&" if asked and not asked.endswith("&") else ""
    return f"{path}{mark or '?'}{asked}{between}{query}{hash_sign}{fragment}"
