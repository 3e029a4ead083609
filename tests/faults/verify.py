"""What must be true after a run, whatever was killed in it: the mail server's log and the rows agree."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.channels.message import message_id
from campaigns.models import Campaign, Delivery, Occurrence
from campaigns.models.delivery import OPEN
from customers.models import Customer
from promotions.models import Code
from tests.campaigns.sink import Sink

#: A batch of each of two senders.
MOST_UNKNOWN_A_KILL = 50
#: Whoever dies there has handed nothing to the network, or has written down what came of it.
SAFE_POINTS = frozenset({"enlisting", "enlisted", "claimed", "code_made", "rendered", "recorded"})


@dataclass(frozen=True)
class Run:
    """What a run came to."""

    rows: int
    states: dict[str, int]
    unknown: int


def verify(sink: Sink, *, campaign: str, kills: int = 0, may_be_unknown: bool = True) -> Run:
    """Raise where a row, the log or a code contradicts another."""
    rows = list(Delivery.objects.filter(campaign__reference=campaign).select_related("code"))
    _everybody_has_one_row_that_ended(campaign, rows)
    _the_log_and_the_rows_agree(sink, rows)
    _each_code_is_of_one_row(campaign, rows)
    unknown = [row for row in rows if row.state == "unknown"]
    assert all(row.submitted_at is not None and row.reason for row in unknown)
    assert len(unknown) <= (MOST_UNKNOWN_A_KILL * kills if may_be_unknown else 0)
    states = dict(Counter(row.state for row in rows))
    return Run(rows=len(rows), states=states, unknown=len(unknown))


def _everybody_has_one_row_that_ended(campaign: str, rows: Sequence[Delivery]) -> None:
    customers = set(Customer.objects.values_list("pk", flat=True))
    assert Counter(row.customer_id for row in rows) == Counter(customers)
    assert [row for row in rows if row.state in OPEN or row.closed_at is None] == []
    assert [row for row in rows if not row.reason and row.state != "accepted"] == []
    assert not Occurrence.objects.filter(campaign__reference=campaign, enlisted_at=None).exists()
    assert Campaign.objects.get(reference=campaign).status in {"finished", "running"}


def _the_log_and_the_rows_agree(sink: Sink, rows: Sequence[Delivery]) -> None:
    addresses = dict(Customer.objects.values_list("pk", "email"))
    expected = {message_id(row.pk): row for row in rows}
    taken = Counter(str(message["Message-ID"]) for message in sink.taken)
    assert [name for name, times in taken.items() if times > 1] == [], "twice"
    recipients = Counter(str(message["To"]) for message in sink.taken)
    assert [name for name, times in recipients.items() if times > 1] == [], "twice"
    accepted = {name for name, row in expected.items() if row.state == "accepted"}
    assert accepted <= taken.keys(), "accepted, but the server has none"
    believed = {name for name, row in expected.items() if row.state in {"accepted", "unknown"}}
    assert taken.keys() <= believed, "taken, but the row says otherwise"
    for message in sink.taken:
        row = expected[str(message["Message-ID"])]
        assert message["To"] == addresses[row.customer_id]
        if row.code is not None:
            text = message.get_body(("plain",))
            assert text is not None
            assert row.code.spelling in text.get_content()


def _each_code_is_of_one_row(campaign: str, rows: Sequence[Delivery]) -> None:
    promotion = Campaign.objects.get(reference=campaign).promotion_id
    holders = {code.pk: code for code in Code.objects.filter(promotion_id=promotion)}
    coded = [row for row in rows if row.code_id is not None]
    assert Counter(row.code_id for row in coded) == Counter(holders.keys()), "a code without a row"
    for row in coded:
        code = holders[row.code_id]
        assert code.customer_id == row.customer_id
        is_out = row.state in {"accepted", "unknown"}
        assert code.status == ("active" if is_out else "disabled"), (row.state, code.status)
    if promotion is not None:
        assert [row for row in rows if row.state == "accepted" and row.code_id is None] == []
