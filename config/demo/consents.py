"""What the customers of the tea shop have agreed to, and what some of them took back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.people import Person
from customers.domain.consents import Said, outcome
from customers.models import Consent, ConsentRecord, Customer
from journal.actions import Change, record_audits

SEED = 24


@dataclass(frozen=True, slots=True)
class Answer:
    """What one customer said of one channel and purpose, oldest first."""

    customer_id: str
    channel: str
    purpose: str
    history: tuple[Said, ...]


def answers(people: Sequence[Person], *, today: datetime) -> Iterator[Answer]:
    """Readers of the newsletter have agreed to it; a few more did so once and changed their minds."""
    random = Random(SEED)
    for person in people:
        agreed = Said("granted", person.registered_at + timedelta(minutes=3))
        if person.reads_newsletter:
            yield Answer(person.customer_id, "email", "marketing", (agreed,))
            if random.random() < 0.4:
                yield Answer(person.customer_id, "email", "tracking", (agreed,))
            if random.random() < 0.1:
                yield Answer(person.customer_id, "ads", "marketing", (agreed,))
        elif random.random() < 0.08:
            later = agreed.recorded_at + timedelta(days=random.randint(2, 200))
            if later < today:
                no = Said("withdrawn", later)
                yield Answer(person.customer_id, "email", "marketing", (agreed, no))


def record(
    answers: Sequence[Answer], *, keys: Mapping[str, int], actor: str, now: datetime
) -> None:
    """Write them as `record_consent` does, all at once; `keys` are the customers' by their ids."""
    rows = [(answer, said) for answer in answers for said in answer.history]
    rows.sort(key=lambda row: row[1].recorded_at)
    emails = dict(Customer.objects.filter(pk__in=keys.values()).values_list("pk", "email"))
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            customer_id=keys[answer.customer_id],
            channel=answer.channel,
            purpose=answer.purpose,
            state=said.state,
            source="checkout",
            text_version="newsletter-2",
            address=emails[keys[answer.customer_id]] if answer.channel == "email" else "",
            recorded_at=said.recorded_at,
            created_at=now,
        )
        for answer, said in rows
    )
    counting = [(answer, outcome(answer.history)) for answer in answers]
    Consent.objects.bulk_create(
        Consent(
            customer_id=keys[answer.customer_id],
            channel=answer.channel,
            purpose=answer.purpose,
            state=said.state,
            recorded_at=said.recorded_at,
        )
        for answer, said in counting
        if said is not None
    )
    told = [
        Change(
            "consent.recorded",
            str(keys[answer.customer_id]),
            after={"channel": answer.channel, "purpose": answer.purpose, "state": said.state},
        )
        for answer, said in rows
    ]
    record_audits(actor=actor, subject_kind="customer", changes=told, now=now)
