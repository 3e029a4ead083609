"""Acts: write letters as mails to one person."""

from datetime import datetime

from campaigns.actions.letters import Addressee, Letters, confirmation_of, values_of
from campaigns.channels.message import Mail
from campaigns.models import Campaign, Delivery
from customers.domain.reach import Reachable


def written(campaign: Campaign, letters: Letters, addressee: Addressee, *, now: datetime) -> Mail:
    """A campaign's letter to one person.

    Raises:
        RenderFailed
    """
    language, letter = letters.for_person(addressee.person, addressee.variant)
    values = values_of(addressee, letter, letters, language=language, now=now)
    rendered = letter.render(values)
    is_marketing = campaign.purpose == Campaign.Purpose.MARKETING
    return Mail(
        delivery_key=addressee.delivery_key,
        to=addressee.person.email,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        campaign_id=campaign.reference,
        unsubscribe_url=values.links.unsubscribe if is_marketing else None,
    )


def asking(row: Delivery, person: Reachable, *, now: datetime) -> Mail:
    """The mail that asks to confirm a consent."""
    letter = confirmation_of(person, row.occurrence, now=now)
    return Mail(
        delivery_key=row.pk, to=person.email, subject=letter.subject, html=letter.html,
        text=letter.text,
    )  # fmt: skip
