"""The way that mail takes: a provider's API where one is set, else SMTP."""

from campaigns.channels.provider import ProviderChannel
from campaigns.channels.providers import provider
from campaigns.channels.smtp import SmtpChannel

MailChannel = ProviderChannel | SmtpChannel


def mail_channel() -> MailChannel:
    """A channel that hands messages over one after the other; a context manager."""
    chosen = provider()
    return ProviderChannel(chosen) if chosen is not None else SmtpChannel()
