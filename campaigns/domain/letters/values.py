"""What a recipient has of their own, and how a letter is filled with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaigns.domain.letters.addresses import is_web_address
from campaigns.domain.letters.blocks import Variable
from campaigns.domain.letters.variables import VARIABLES
from campaigns.domain.tracking import CODE_PLACE

#: An address of the shop's, and the same as it is for everybody (`campaigns.domain.tracking`), None
#: where something else of the recipient's stands in it: to the address as it is sent.
WrapLink = Callable[[str, str | None], str]


class RenderFailed(Exception):
    """The letter cannot be written for this recipient: `name` says what is missing or wrong."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """A product as it is shown; `price` as people write it, empty for none."""

    name: str
    price: str
    url: str
    image_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCard:
    """The personal code, and its last day in words."""

    code: str
    valid_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CashbackCard:
    """Amounts and the last day of what expires next, as people write them."""

    available: str
    expiring: str | None = None
    expires_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The customer's own pages. A marketing letter cannot be without the first two."""

    unsubscribe: str | None = None
    preferences: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """All that one recipient's letter is filled with.

    `texts` are variables by name. The variables of the code, of the cashback and of the account come
    from `code`, `cashback` and `links` unless `texts` has them; the shop's name from the brand.
    `wrap_link` is given every link of the letter save those that are a value themselves and the customer's
    own pages; None leaves them be.
    """

    texts: Mapping[str, str]
    links: Links
    products: Sequence[ProductCard] = ()
    cashback: CashbackCard | None = None
    code: CodeCard | None = None
    pixel_url: str | None = None
    wrap_link: WrapLink | None = None

    def known(self) -> dict[str, str | None]:
        """Every variable that has a value."""
        found: dict[str, str | None] = {"account_url": self.links.account}
        if self.code is not None:
            found["code"] = self.code.code
            found["code.valid_until"] = self.code.valid_until
        if self.cashback is not None:
            found["cashback.available"] = self.cashback.available
            found["cashback.expiring"] = self.cashback.expiring
            found["cashback.expires_at"] = self.cashback.expires_at
        found.update(self.texts)
        return found


@dataclass(slots=True)
class Reading:
    """One letter being filled. `own_pages` begin addresses that are never tracked."""

    values: Values
    known: Mapping[str, str | None]
    own_pages: tuple[str, ...]
    #: The products of the row that is being written.
    row: Sequence[ProductCard] = ()

    def value(self, variable: Variable) -> str:
        """The text, of one line or more, without what could be taken for anything but text.

        Raises:
            RenderFailed: there is none, and no fallback.
        """
        kind = VARIABLES[variable.name].kind
        text = cleaned(self.known.get(variable.name) or "")
        if kind == "name":
            text = unlinked(text)
        if kind == "address" and not is_web_address(text):
            text = ""
        if text:
            return text
        if variable.fallback is None:
            raise RenderFailed(variable.name)
        return variable.fallback

    def link(self, address: str, *, shared: str | None) -> str:
        """The address as it is sent: by way of the tracking where there is one. `shared`: see `WrapLink`."""
        wrap = self.values.wrap_link
        if wrap is None or address.startswith(self.own_pages):
            return address
        if shared is not None and CODE_PLACE in shared:
            shared = self._shared_with_code(address, shared)
        return wrap(address, shared)

    def _shared_with_code(self, address: str, shared: str) -> str | None:
        """Without a code its fallback stands there, for everybody; and another code than that of this
        letter is not found again.
        """
        if not self.known.get("code"):
            return address
        return None if "code" in self.values.texts else shared


#: Control characters, halves of characters, and marks that turn the direction of writing.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[ \t\n]+")
_ADDRESS_LIKE = re.compile(r"(?<=\w)([.:@])(?=[\w/])")


def cleaned(text: str) -> str:
    """Without control characters; every sort of line break is "\\n".

    >>> cleaned(" Ada\\r\\nBcc: x\\x00 ")
    'Ada\\nBcc: x'
    """
    if text.isprintable():
        return text.strip()
    return _CONTROLS.sub("", _BREAKS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """Every run of blanks and line breaks is one blank.

    >>> one_line("Ada\\nBcc: x")
    'Ada Bcc: x'
    """
    if "\n" not in text and "\t" not in text and "  " not in text:
        return text
    return _BLANKS.sub(" ", text)


def unlinked(text: str) -> str:
    """A name in which no mail program finds a web address.

    >>> unlinked("http://evil.example"), unlinked("Dr.med. Ada")
    ('http: //evil. example', 'Dr. med. Ada')
    """
    return one_line(_ADDRESS_LIKE.sub(r"\1 ", text))
