"""Beside the form of a campaign: what it does in plain words, and the letter, as somebody types."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from campaigns.admin.previews import Theme, asked_language, in_theme, look_at, may_be_customer
from campaigns.admin.words import sentences
from campaigns.domain.definition import CampaignDefinition
from campaigns.domain.letters.blocks import BLOCKS, GERMAN_BLOCKS
from campaigns.domain.letters.variables import VARIABLES
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from common.admin import ActingAdmin, refusal_text
from common.errors import DomainError
from common.forms.problems import problems_of
from common.words import language_in_use


class BesideAdmin(ActingAdmin):
    """A page that answers what its form would do; nothing of it is saved."""

    def get_urls(self) -> list[URLPattern]:
        letter = self.admin_site.admin_view(self.letter)
        name = "campaigns_campaign_letter"
        return [
            path("letter/", letter, name=name),
            path("<int:key>/letter/", letter, name=name),
            *super().get_urls(),
        ]

    def letter(self, request: HttpRequest, key: int | None = None) -> JsonResponse:
        """The sentences and the letter of what stands in the form, or what is wrong with it.

        Whoever may only look gets those of the campaign as it is.
        """
        campaign = self._campaign(key)
        if request.method != "POST" or not self.has_view_permission(request, campaign):
            return JsonResponse({}, status=403)
        definition: CampaignDefinition
        if self._may_write(request, campaign):
            form = self._typed(request, campaign)
            if not form.is_valid():
                return JsonResponse({"problems": problems_of(form)})
            definition = form.sound_definition
        elif campaign is not None:
            definition = definition_of(campaign)
        else:
            return JsonResponse({}, status=403)
        return JsonResponse({"sentences": sentences(definition), **_seen(request, definition)})

    def beside(
        self, request: HttpRequest, campaign: Campaign | None, definition: CampaignDefinition | None
    ) -> dict[str, Any]:
        """What the templates need to show both, before anything is typed."""
        arguments = [] if campaign is None else [campaign.pk]
        german = language_in_use() == "de"
        return {
            "preview_url": reverse("admin:campaigns_campaign_letter", args=arguments),
            "sentences": sentences(definition),
            "may_be_customer": may_be_customer(request),
            "blocks": [
                (_block_words()[name], example)
                for name, example in (GERMAN_BLOCKS if german else BLOCKS).items()
            ],
            "variables": [
                (known.name, known.de if german else known.en) for known in VARIABLES.values()
            ],
            "words": _words(),
        }

    def _campaign(self, key: int | None) -> Campaign | None:
        if key is None:
            return None
        campaign = Campaign.objects.select_related("promotion").filter(pk=key).first()
        if campaign is None:
            raise Http404
        return campaign

    def _may_write(self, request: HttpRequest, campaign: Campaign | None) -> bool:
        if campaign is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, campaign)

    def _typed(self, request: HttpRequest, campaign: Campaign | None) -> Any:
        typed = request.POST.copy()
        typed["name"] = typed.get("name") or "-"
        typed["seen"] = ""
        made = self.get_form(request, campaign, change=campaign is not None)
        form = made(typed, instance=campaign)
        form.fields.pop("campaign_id", None)
        return form


def _seen(request: HttpRequest, definition: CampaignDefinition) -> dict[str, Any]:
    """The letter, or why there is none."""
    asked = request.POST
    try:
        seen = look_at(
            request,
            definition,
            customer_id=asked.get("look-customer", "").strip()[:128],
            language=asked_language(asked.get("look-language")),
        )
    except DomainError as refusal:
        return {"letter_problem": refusal_text(refusal)}
    theme: Theme = "dark" if asked.get("look-theme") == "dark" else "light"
    return {"letter": {"subject": seen.subject, "html": in_theme(seen.html, theme)}}


def _block_words() -> dict[str, str]:
    return {
        "header": _("A heading, with or without a picture above it"),
        "text": _("Paragraphs; they need no block"),
        "code": _("The personal code; left out where there is none"),
        "products": _("Up to so many recommendations (1 to 6)"),
        "cashback": _("What can be spent; left out where there is nothing"),
        "button": _("One link, large"),
        "footer": _("Small print at the end"),
    }


def _words() -> dict[str, str]:
    return {
        "sentences": _("In plain words"),
        "hint": _("It says here what the campaign does."),
        "failed": _("The server did not answer. It is asked again as you go on typing."),
        "letter": _("The letter"),
        "subject": _("Subject"),
        "wide": _("Wide"),
        "narrow": _("Phone"),
        "night": _("By night"),
        "german": _("German"),
        "english": _("English"),
        "customer": _("As the customer with this id"),
        "sample": _("empty: sample values"),
        "blocks": _("How a letter is written"),
        "blocks_hint": _(
            "Paragraphs are parted by a blank line. **bold**, *italic*, [a link](https://shop.example)."
            " Blocks begin with ::: and their name, and end with :::"
        ),
        "variables": _("What can be put in"),
        "variables_hint": _('{{ name | "otherwise" }} has words for where it is not known.'),
        "stands": _("How it stands"),
        "none": _("Nobody was enlisted yet."),
    }
