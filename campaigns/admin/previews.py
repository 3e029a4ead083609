"""A letter as it will be read: on a wide screen, on a phone, by day and by night."""

import re
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.looking import Look, look
from campaigns.domain.definition import CampaignDefinition
from campaigns.forms.trying import variant_choices
from campaigns.models import Campaign
from campaigns.queries.campaigns import definition_of
from common.admin import actor_of, refusal_text
from common.errors import DomainError
from common.money import Language
from common.words import language_in_use
from customers.queries.people import customer_by_reference
from journal.actions import record_audit

Theme = Literal["light", "dark"]
_AT_NIGHT = re.compile(r"\(prefers-color-scheme:\s*dark\)")
_BOTH = re.compile(r"\blight dark\b")


def in_theme(html: str, theme: Theme) -> str:
    """The letter as a mail program shows it by day or by night, whatever the device likes."""
    themed = _AT_NIGHT.sub("all" if theme == "dark" else "not all", html)
    return _BOTH.sub(theme, themed)


def asked_language(text: str | None) -> Language:
    """As asked for, else that of the page."""
    return "de" if text == "de" else "en" if text == "en" else language_in_use()


def may_be_customer(request: HttpRequest) -> bool:
    """Whether this person may look at a letter as a customer."""
    return bool(request.user.has_perm("customers.view_customer"))


def look_at(
    request: HttpRequest,
    definition: CampaignDefinition,
    *,
    customer_id: str,
    variant: str = "",
    language: Language,
) -> Look:
    """As the customer, where that may be; the name is masked for whoever may not see names.

    Raises:
        NotFound, ValidationFailed
    """
    asked = customer_id if may_be_customer(request) else ""
    return look(
        definition,
        customer_id=asked or None,
        variant=variant,
        is_masked=not request.user.has_perm("customers.see_personal_values"),
        language=language,
        now=timezone.now(),
    )


def preview_page(page: Any, request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """What is saved, in four frames and as plain text. Whose name was shown is recorded."""
    customer_id = request.GET.get("customer", "").strip()[:128]
    language = asked_language(request.GET.get("language"))
    variant = request.GET.get("variant", "")
    names = [each["name"] for each in campaign.variants]
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": f"{campaign.name}: {_('Preview')}",
        "content_title": f"{campaign.name}: {_('Preview')}",
        "campaign": campaign,
        "campaign_url": reverse("admin:campaigns_campaign_change", args=[campaign.pk]),
        "customer_id": customer_id,
        "may_be_customer": may_be_customer(request),
        "language": language,
        "languages": [("de", _("German")), ("en", _("English"))],
        "variant": variant,
        "variants": variant_choices(names) if names else [],
        "words": _words(),
    }
    try:
        seen = look_at(
            request,
            definition_of(campaign),
            customer_id=customer_id,
            variant=variant,
            language=language,
        )
    except DomainError as refusal:
        context["refusal"] = refusal_text(refusal)
    else:
        _record(request, customer_id)
        context |= {"seen": seen, "frames": _frames(seen)}
    return render(request, "campaigns/admin/preview.html", context)


def _record(request: HttpRequest, customer_id: str) -> None:
    """As where staff open a customer."""
    is_named = may_be_customer(request) and request.user.has_perm("customers.see_personal_values")
    customer = customer_by_reference(customer_id) if customer_id and is_named else None
    if customer is not None:
        record_audit(
            actor=actor_of(request),
            action="customer.read",
            subject_kind="customer",
            subject_id=str(customer.pk),
            now=timezone.now(),
        )


def _frames(seen: Look) -> list[dict[str, str]]:
    themes: tuple[Theme, ...] = ("light", "dark")
    names = {"light": _("by day"), "dark": _("by night")}
    sizes = {"wide": _("Wide screen"), "narrow": _("Phone")}
    return [
        {
            "size": size,
            "theme": theme,
            "title": f"{sizes[size]}, {names[theme]}",
            "html": in_theme(seen.html, theme),
        }
        for theme in themes
        for size in sizes
    ]


def _words() -> dict[str, str]:
    return {
        "customer": _("As the customer with this id"),
        "hint": _("empty: sample values"),
        "variant": _("Variant"),
        "language": _("Language, for sample values"),
        "look": _("Look"),
        "subject": _("Subject"),
        "text": _("As plain text"),
        "edit": _("The campaign"),
        "links": _("Links to the customer's own pages open nothing here."),
    }
