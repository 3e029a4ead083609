"""What came back of messages that were sent: opens, clicks, and whoever left by one."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from campaigns.models.delivery import Delivery


class Response(models.Model):
    """One call of an address in a message. Of the caller nothing is kept but what it was taken for.

    What is counted as a person's is `campaigns.domain.agents.BY_PEOPLE`; the others show what was not.
    A click of a person's has an open beside it, where there was none before.
    """

    class Kind(models.TextChoices):
        OPEN = "open", "open"
        CLICK = "click", "click"
        UNSUBSCRIBE = "unsubscribe", "unsubscribe"

    class Agent(models.TextChoices):
        #: A browser or mail program that people use.
        HUMAN = "human", "human"
        #: It loads all pictures beforehand, whoever reads or not.
        PROXY = "proxy", "proxy"
        #: A scanner, a preview, or faster than people are.
        BOT = "bot", "bot"
        #: It says nothing of itself that is known here.
        UNKNOWN = "unknown", "unknown"

    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    kind = models.CharField(max_length=11, choices=Kind)
    at = models.DateTimeField()
    agent = models.CharField(max_length=7, choices=Agent)
    #: The number of the campaign's link; of a click alone.
    link = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaigns_response_link_of_click",
                condition=Q(kind="click", link__isnull=False)
                | ~Q(kind="click") & Q(link__isnull=True),
            ),
            models.UniqueConstraint(
                name="campaigns_response_unsubscribe_once",
                fields=["delivery"],
                condition=Q(kind="unsubscribe"),
            ),
        ]
        indexes = [
            # Of a campaign they are found by its deliveries.
            models.Index(
                name="campaigns_response_of_delivery",
                fields=["delivery", "kind", "agent", "at"],
                include=["link"],
            ),
            BrinIndex(
                name="campaigns_response_in_time",
                fields=["at"],
                pages_per_range=16,
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.delivery_id} by {self.agent}"


class Link(models.Model):
    """An address that stood in letters of a campaign, as it was sent: a click leads there whatever the
    campaign says by now. Never changed, and never removed while there are letters.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="links", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    #: The same for everybody; in place of the personal code it has `{{ code }}`.
    url = models.TextField()
    #: SHA-256 of it, since an index holds no long text.
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="campaigns_link_number", fields=["campaign", "number"]),
            models.UniqueConstraint(name="campaigns_link_once", fields=["campaign", "digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.campaign_id}: {self.url}"
