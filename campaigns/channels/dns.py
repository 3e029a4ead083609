"""Questions to the DNS."""

from collections.abc import Sequence

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from campaigns.domain.sender_domain import NotAnswered, RecordType

#: So long one question is asked.
_SECONDS = 5.0


class Dns:
    """Asks the system's servers, or one that is named by address and port."""

    def __init__(self, server: tuple[str, int] | None = None) -> None:
        self._resolver = Resolver(configure=server is None)
        if server is not None:
            address, port = server
            self._resolver.nameservers = [address]
            self._resolver.port = port

    def __call__(self, name: str, kind: RecordType) -> Sequence[str]:
        """The texts of the records; none where there are none.

        Raises:
            NotAnswered
        """
        try:
            answer = self._resolver.resolve(name, kind, lifetime=_SECONDS, search=False)
        except (NXDOMAIN, NoAnswer):
            return []
        except DNSException as error:
            raise NotAnswered(name) from error
        if kind == "TXT":
            return [b"".join(each.strings).decode("utf-8", "replace") for each in answer]
        return [each.to_text() for each in answer]
