"""Acts: look at a letter before anybody gets it."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from campaigns.actions import mails
from campaigns.actions.letters import Addressee, letters_of, links_of
from campaigns.actions.notes import notes_of, told_to
from campaigns.actions.phones import text_of
from campaigns.channels.mail import mail_channel
from campaigns.channels.message import Mail, address_on_the_wire, message_bytes, sender_address
from campaigns.domain.letters.sample import sample_facts, sample_values
from campaigns.domain.letters.values import RenderFailed
from campaigns.domain.notes.sms import segments_of
from campaigns.domain.replies import Reply
from campaigns.models import Campaign
from campaigns.queries.campaigns import campaign_by_id
from common.errors import FieldError, NotFound, ValidationFailed
from common.money import Language
from customers.queries.erasure import suppressed_hashes
from customers.queries.gate import reachable
from customers.queries.people import customer_by_reference

#: In place of the personal code that nobody has yet.
SAMPLE_CODE = "ABCD-2345-EFGH"


class Seen(Struct, frozen=True):
    """What a customer would see. Of a note `subject` is its title."""

    subject: str
    html: str
    text: str
    #: In how many parts a text message is sent; None: it is none.
    segments: int | None = None


def preview(*, campaign_id: str, customer_id: str, variant: str | None, now: datetime) -> Seen:
    """What this customer would get now. Writes nothing; its links to their own pages open nothing, since
    whoever may look at a campaign may not therefore act for a customer.

    Raises:
        NotFound: there is no such campaign or customer.
        ValidationFailed: there is no such variant, nothing is written, or something is missing that has no fallback.
    """
    campaign = _known(campaign_id)
    customer = customer_by_reference(customer_id)
    channel = campaign.channel
    people = reachable(customer_keys=[customer.pk], channel=channel) if customer else {}
    if customer is None or people[customer.pk].is_erased:
        raise NotFound("There is no such customer.")
    if variant and variant not in {each["name"] for each in campaign.variants}:
        detail = "There is no such variant."
        raise ValidationFailed(errors=[FieldError("/variant", "unknown", detail)])
    addressee = Addressee(
        person=people[customer.pk],
        variant=variant or "",
        is_preview=True,
        code=SAMPLE_CODE if campaign.promotion_id is not None else None,
    )
    try:
        if channel == Campaign.Channel.EMAIL:
            letters = letters_of(campaign)
            language, _letter = letters.for_person(addressee.person, addressee.variant)
            facts = sample_facts(campaign.trigger["kind"], language=language)
            mail = mails.written(campaign, letters, replace(addressee, facts=facts), now=now)
            return Seen(mail.subject, mail.html, mail.text)
        told = told_to(addressee, notes_of(campaign), campaign, now=now)
    except RenderFailed as failed:
        raise _not_written(failed) from None
    if campaign.channel != Campaign.Channel.SMS:
        return Seen(told.title, told.html, told.text)
    nobody = replace(addressee.person, customer_key=0)
    text = text_of(told, nobody, campaign, delivery_key=0, now=now)
    return Seen(told.title, told.html, text, segments_of(text))


def send_test(
    *, campaign_id: str, to: str, language: Language, variant: str = "", now: datetime
) -> Reply:
    """Send the letter with sample values to one address, at once; what the mail server says.

    Raises:
        NotFound: there is no such campaign, or no such variant.
        ValidationFailed: it is no letter, or the address must not be written to, or is none.
    """
    campaign = _known(campaign_id)
    if campaign.channel != Campaign.Channel.EMAIL:
        detail = "Only e-mail is a letter."
        raise ValidationFailed(errors=[FieldError("/channel", "not_a_letter", detail)])
    if suppressed_hashes({to}):
        detail = "This address gets no mail any more."
        raise ValidationFailed(errors=[FieldError("/to", "suppressed", detail)])
    written = letters_of(campaign)
    letters = written.by_variant.get(variant)
    if letters is None:
        raise NotFound("There is no such variant.")
    chosen = next(each for each in (language, *letters) if each in letters)
    links = links_of(0, delivery_key=0, now=now)
    try:
        offer = written.promotion_words.get(chosen)
        values = sample_values(language=chosen, links=links, offer=offer)
        rendered = letters[chosen].render(values)
    except RenderFailed as failed:
        raise _not_written(failed) from None
    is_marketing = campaign.purpose == Campaign.Purpose.MARKETING
    mail = Mail(
        delivery_key=0, to=to, subject=rendered.subject, html=rendered.html, text=rendered.text,
        campaign_id=campaign.reference,
        unsubscribe_url=links.unsubscribe if is_marketing else None,
    )  # fmt: skip
    try:
        message, recipient = message_bytes(mail, now=now), address_on_the_wire(to)
    except ValueError:
        detail = "An e-mail address: ada@example.org."
        raise ValidationFailed(errors=[FieldError("/to", "invalid", detail)]) from None
    with mail_channel() as channel:
        return channel.send(sender=sender_address(), recipient=recipient, message=message)


def _known(campaign_id: str) -> Campaign:
    campaign = campaign_by_id(campaign_id)
    if campaign is None:
        raise NotFound("There is no such campaign.")
    if not campaign.content:
        detail = "Write it in one language at least."
        raise ValidationFailed(errors=[FieldError("/content", "required", detail)])
    return campaign


def _not_written(failed: RenderFailed) -> ValidationFailed:
    detail = f"{failed.name} is missing, and has no fallback."
    return ValidationFailed(errors=[FieldError("/content", "render_failed", detail)])
