"""A small DNS server for tests, on the loopback address."""

import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

#: Names and types, and what stands there: {"tea.example": {"TXT": ["v=spf1 -all"]}}
Zone = Mapping[str, Mapping[str, Sequence[str]]]


@contextmanager
def serving(zone: Zone, *, is_broken: bool = False) -> Iterator[int]:
    """Its port; one that is broken says so to every question."""

    class Answers(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            raw, sock = self.request
            asked = dns.message.from_wire(raw)
            question = asked.question[0]
            answer = dns.message.make_response(asked)
            answer.flags |= dns.flags.AA | dns.flags.RA
            name, kind = question.name.to_text(omit_final_dot=True), question.rdtype
            if is_broken:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif name not in zone:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif records := zone[name].get(dns.rdatatype.to_text(kind)):
                spelled = [_quoted(text) if kind == dns.rdatatype.TXT else text for text in records]
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *spelled))
            sock.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _quoted(text: str) -> str:
    """In pieces of 255 characters at the most, as they stand in a zone."""
    return " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
