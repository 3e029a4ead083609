"""SEPA credit transfers as a file for the shop's bank (ISO 20022 pain.001.001.09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

from django.conf import settings
from sepaxml import SepaTransfer

from cashback.channels.providers import PaymentOrder
from cashback.domain.payouts import SEPA_CURRENCY, SepaDestination, bank_text
from common.ids import public_id

SCHEMA = "pain.001.001.09"

_SPACE = {"iso": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


class FileDiffers(Exception):
    """What was written does not say what was meant: nobody may have it."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file, and the id by which the bank tells it from others."""

    message_id: str
    content: bytes


def write_file(orders: Sequence[PaymentOrder], *, on: date) -> WrittenFile:
    """All of them in one file, to be carried out on that day, or at once where the day is over.

    It is checked against the schema of ISO 20022, and read back.

    Raises:
        sepaxml.validation.ValidationError, FileDiffers: one of our mistakes; nothing may be handed on.
    """
    transfer = SepaTransfer(
        {
            "name": bank_text(settings.SEPA_NAME),
            "IBAN": settings.SEPA_IBAN.replace(" ", ""),
            "BIC": settings.SEPA_BIC,
            "batch": True,
            "currency": SEPA_CURRENCY,
        },
        schema=SCHEMA,
        clean=False,
    )
    for order in orders:
        transfer.add_payment(_payment(order, on=on))
    written = WrittenFile(transfer.msg_id, transfer.export(validate=True))
    if read_back(written.content) != [_told(order) for order in orders]:
        raise FileDiffers
    return written


def read_back(content: bytes) -> list[tuple[str, str, str, str, int]]:
    """What a file says of each payment: our id, IBAN, name, currency, and the amount in minor units.

    Raises:
        FileDiffers: its sums are not those of its payments.
    """
    # Our own file, just written.
    document = ElementTree.fromstring(content)
    payments = [
        (
            _text(each, "iso:PmtId/iso:EndToEndId"),
            _text(each, "iso:CdtrAcct/iso:Id/iso:IBAN"),
            _text(each, "iso:Cdtr/iso:Nm"),
            each.find("iso:Amt/iso:InstdAmt", _SPACE).attrib["Ccy"],  # type: ignore[union-attr]  # by its schema
            _minor(_text(each, "iso:Amt/iso:InstdAmt")),
        )
        for each in document.iterfind(".//iso:CdtTrfTxInf", _SPACE)
    ]
    total = sum(payment[-1] for payment in payments)
    for sums in (".//iso:GrpHdr", ".//iso:PmtInf"):
        told = document.find(sums, _SPACE)
        assert told is not None, "its schema asks for it"
        counted = (int(_text(told, "iso:NbOfTxs")), _minor(_text(told, "iso:CtrlSum")))
        if counted != (len(payments), total):
            raise FileDiffers
    return payments


def _payment(order: PaymentOrder, *, on: date) -> dict[str, object]:
    _, iban, name, currency, amount = _told(order)
    return {
        "name": name,
        "IBAN": iban,
        "amount": amount,
        "currency": currency,
        "execution_date": on,
        "description": f"{bank_text(settings.SHOP_NAME)[:80]} {public_id('pay', order.payout_id)}",
        # Its 35 characters hold no prefix beside the id.
        "endtoend_id": order.payout_id.hex,
    }


def _told(order: PaymentOrder) -> tuple[str, str, str, str, int]:
    to = order.destination
    assert isinstance(to, SepaDestination), "the database knows whose provider it is"
    return order.payout_id.hex, to.iban, bank_text(to.name), order.currency, order.amount


def _text(node: ElementTree.Element, path: str) -> str:
    return node.findtext(path, default="", namespaces=_SPACE)


def _minor(amount: str) -> int:
    return int(Decimal(amount) * 100)
