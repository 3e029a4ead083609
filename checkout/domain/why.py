"""Why a call was answered as it was, in the form that is kept.

Of a decision little is ever asked in SQL: how it ended, for which codes and promotions. That is the
summary. The rules with their values are most of it; they repeat themselves, so they are packed in
their row. Where a decision waits for its row it is one text, written in one go.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from promotions.domain.decision import Finding, told

#: Sets in the order of their names, so that the same facts are the same bytes.
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(list[Finding])
_FASTEST = 1
#: 8 KiB to look back into, and small tables: to clear those that are usual costs four times the packing.
_WINDOW_BITS, _MEMORY_LEVEL = 13, 5


class Why(Struct, frozen=True):
    """What stands behind an answer; `summary` has plain JSON values."""

    summary: Mapping[str, Any]
    findings: Sequence[Finding] = ()

    def content(self) -> str:
        """The summary as it is kept."""
        return msgspec.json.encode(self.summary).decode()

    def packed(self) -> bytes | None:
        """The findings as they are kept."""
        return _packed(_encoder.encode(self.findings)) if self.findings else None

    def waiting(self, customer_key: int | None) -> bytes:
        """Both as they wait for their row, with whose they are, in a line each: JSON has no ends of lines."""
        summary, findings = _encoder.encode(self.summary), _encoder.encode(self.findings)
        return b"%d\n%b\n%b" % (customer_key or 0, summary, findings)


def kept(waiting: bytes) -> tuple[int | None, str, bytes | None]:
    """Of what waited: whose it is, the summary and the findings as they are kept."""
    customer_key, summary, findings = waiting.split(b"\n")
    packed = _packed(findings) if findings != b"[]" else None
    return int(customer_key) or None, summary.decode(), packed


def _packed(findings: bytes) -> bytes:
    packer = zlib.compressobj(_FASTEST, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL)
    return packer.compress(findings) + packer.flush()


def in_full(summary: Mapping[str, Any], findings: bytes | memoryview | None) -> dict[str, Any]:
    """A kept decision as it is told: every promotion with its rules in the place of the outcomes."""
    whole = {name: value for name, value in summary.items() if name != "outcomes"}
    if findings is not None:
        whole["promotions"] = told(_decoder.decode(zlib.decompress(findings)))
    return whole


def for_callers(summary: Mapping[str, Any], findings: bytes | memoryview | None) -> dict[str, Any]:
    """A kept decision as those outside read it: by the position of a code in the call, since codes are
    not written down here, and keys of the database are nobody else's affair.
    """
    whole = in_full(summary, findings)
    codes, promotions = whole.get("codes", []), whole.get("promotions", [])
    # Of a code given twice the first counts.
    positions = {code["code_id"]: code["position"] for code in reversed(codes)}
    for code in codes:
        del code["code_id"]
    for promotion in promotions:
        key = promotion.pop("code_id")
        promotion["code_position"] = positions.get(key) if key is not None else None
    return whole
