"""The proof of a customer's consents as PDF, in the language that is asked for.

Kept apart, since what draws it takes 16 MB, which only processes should carry that are asked for one.
"""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.sheets import BOLD, FAINT, GREEN, INK, LEADING, LEFT, RIGHT, Sheets, fitting
from common.words import moment
from customers.serializers.people import ConsentProofResponse, ConsentResponse, ProvenRecord

_SAID = LEFT + 110
_CHANNELS: Mapping[str, object] = {
    "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("Text message"),
    "push": gettext_lazy("Push message"),
    "in_app": gettext_lazy("In the shop"),
    "ads": gettext_lazy("Advertising networks"),
}
_PURPOSES: Mapping[str, object] = {
    "marketing": gettext_lazy("Advertising"),
    "profiling": gettext_lazy("Profiling"),
    "tracking": gettext_lazy("Measuring of opens and clicks"),
}
_STATES: Mapping[str, object] = {
    "granted": gettext_lazy("agreed"),
    "withdrawn": gettext_lazy("withdrawn"),
    "requested": gettext_lazy("asked for, not confirmed"),
    "none": gettext_lazy("not agreed"),
}


def consent_sheet(proof: ConsentProofResponse) -> bytes:
    """A4; the same proof is the same file, byte for byte."""
    sheets = Sheets()
    title = _("Proof of consent")
    _head(sheets, proof, title=title)
    _heading(sheets, _("How it stands"))
    for consent in proof.consents:
        _row(sheets, moment(consent.recorded_at), [_meaning(consent)], [])
    if not proof.consents:
        _row(sheets, "", [_("Nothing was agreed to.")], [])
    sheets.down(20)
    _heading(sheets, _("What was said, in the order in which it was"))
    for record in proof.records:
        _row(sheets, moment(record.recorded_at), [_meaning(record)], list(_evidence(record)))
    if not proof.records:
        _row(sheets, "", [_("Nothing was recorded.")], [])
    foot = f"{settings.SHOP_NAME} · {title} · {proof.customer_id}"
    return sheets.file(title=f"{title} · {proof.customer_id}", author=settings.SHOP_NAME, foot=foot)


def _head(sheets: Sheets, proof: ConsentProofResponse, *, title: str) -> None:
    sheets.say(settings.SHOP_NAME, LEFT, font=BOLD, size=11, color=GREEN)
    sheets.down(34)
    sheets.say(title, LEFT, font=BOLD, size=22)
    sheets.down(24)
    zone = timezone.get_current_timezone_name()
    for text in (
        _("Customer %(id)s") % {"id": proof.customer_id},
        _("Issued %(at)s; all times by the clock of %(zone)s.")
        % {"at": moment(proof.issued_at), "zone": zone},
        _(
            "Each record is kept as it came: the database refuses to change or to remove one. An erasure "
            "blanks where it came from."
        ),
    ):
        for line in fitting(text, RIGHT - LEFT):
            sheets.say(line, LEFT, color=FAINT)
            sheets.down(15)
    sheets.down(20)


def _heading(sheets: Sheets, text: str) -> None:
    if not sheets.room_for(6 * LEADING):
        sheets.turn()
    sheets.say(text, LEFT, font=BOLD, size=13)
    sheets.down(9)
    sheets.rule(FAINT)
    sheets.down(LEADING + 2)


def _row(sheets: Sheets, at: str, said: list[str], evidence: list[str]) -> None:
    """What was said, and below it where that comes from, in lines that fit."""
    lines = [(line, INK) for text in said for line in fitting(text, RIGHT - _SAID)]
    lines += [(line, FAINT) for text in evidence for line in fitting(text, RIGHT - _SAID)]
    if not sheets.room_for(len(lines) * LEADING + 5):
        sheets.turn()
    sheets.say(at, LEFT)
    sheets.entry(lines, _SAID)


def _meaning(told: ConsentResponse | ProvenRecord) -> str:
    return _("%(channel)s, %(purpose)s: %(state)s") % {
        "channel": _CHANNELS.get(told.channel, told.channel),
        "purpose": _PURPOSES.get(told.purpose, told.purpose),
        "state": _STATES.get(told.state, told.state),
    }


def _evidence(record: ProvenRecord) -> Iterator[str]:
    if record.address:
        yield _("Address: %(address)s") % {"address": record.address}
    if record.source:
        yield _("Source: %(source)s") % {"source": record.source}
    if record.text_version:
        yield _("Version of the text: %(version)s") % {"version": record.text_version}
    if record.ip_address:
        yield _("IP address: %(address)s") % {"address": record.ip_address}
    yield _("Received %(at)s") % {"at": moment(record.received_at)}
