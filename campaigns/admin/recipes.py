"""A new campaign from a recipe: choose one, say what it lacks, and go on with the draft."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.campaigns import put_campaign
from campaigns.actions.looking import look
from campaigns.admin.previews import in_theme
from campaigns.domain.recipes.book import GROUPS, RECIPES
from campaigns.domain.recipes.feasts import coming_feasts
from campaigns.domain.recipes.recipe import Recipe, draft
from campaigns.domain.triggers import Once, SegmentEntered
from campaigns.forms.recipe import RecipeForm
from common.admin import actor_of, refusal_text
from common.api.preconditions import PreconditionFailed
from common.errors import DomainError
from common.money import Language
from common.words import language_in_use
from customers.forms.choices import segment_choices


def recipes_page(page: Any, request: HttpRequest) -> HttpResponse:
    """All of them, in groups."""
    language = language_in_use()
    groups = [
        {
            "title": said.told(language),
            "recipes": [
                {
                    "url": reverse("admin:campaigns_campaign_recipe", args=[recipe.key]),
                    "icon": recipe.icon,
                    "title": recipe.title.told(language),
                    "about": recipe.about.told(language),
                    "is_marketing": recipe.purpose == "marketing",
                }
                for recipe in RECIPES.values()
                if recipe.group == group
            ],
        }
        for group, said in GROUPS.items()
    ]
    return render(
        request,
        "campaigns/admin/recipes.html",
        {
            **page.admin_site.each_context(request),
            "title": _("New campaign from a recipe"),
            "content_title": _("New campaign from a recipe"),
            "groups": groups,
            "blank_url": reverse("admin:campaigns_campaign_add"),
            "words": {
                "intro": _(
                    "A recipe has its letters in German and English, its moment and its limits. Choose"
                    " one, say to whom it goes, and change whatever you like."
                ),
                "news": _("without consent"),
                "blank": _("Or begin with an empty campaign"),
            },
        },
    )


def recipe_page(page: Any, request: HttpRequest, key: str) -> HttpResponse:
    """By GET what it lacks, with its letter; by POST the draft."""
    recipe = RECIPES.get(key)
    if recipe is None:
        raise Http404
    form = RecipeForm(
        request.POST or None,
        recipe=recipe,
        today=timezone.localdate(),
        segments=segment_choices(),
    )
    if request.method == "POST" and form.is_valid() and (made := _made(page, request, form)):
        return made
    language = language_in_use()
    return render(
        request,
        "campaigns/admin/recipe.html",
        {
            **page.admin_site.each_context(request),
            "media": page.media + form.media,
            "title": recipe.title.told(language),
            "content_title": recipe.title.told(language),
            "about": recipe.about.told(language),
            "form": form,
            "back": reverse("admin:campaigns_campaign_recipes"),
            "letters": _letters(recipe),
            "words": {
                "make": _("Make a draft"),
                "back": _("All recipes"),
                "letter": _("Its letter, with sample values"),
                "then": _("Nobody gets anything yet: the draft is yours to change."),
            },
        },
    )


def _made(page: Any, request: HttpRequest, form: RecipeForm) -> HttpResponse | None:
    """On to the draft; None: it was refused, which stands on the form."""
    try:
        with transaction.atomic():
            written = put_campaign(
                campaign_id=form.cleaned_data["campaign_id"],
                definition=form.definition,
                actor=actor_of(request),
                now=timezone.now(),
            )
            if not written.created:
                raise PreconditionFailed
    except DomainError as refusal:
        form.add_error(None, refusal_text(refusal))
        return None
    text = _("The draft is there. Look it over, and hand it in.")
    page.message_user(request, text, messages.SUCCESS)
    url = reverse("admin:campaigns_campaign_change", args=[written.campaign.pk])
    return HttpResponseRedirect(url)


def _next_greetings(recipe: Recipe) -> dict[Language, str]:
    """Of the feast, or the day of sale, that comes next."""
    is_sale = recipe.asks == "sale"
    coming = coming_feasts(after=timezone.localdate())
    said = next(each.feast.greeting for each in coming if each.feast.is_sale == is_sale)
    return {"de": said.told("de"), "en": said.told("en")}


def _letters(recipe: Recipe) -> list[dict[str, str]]:
    """In both languages, with a gift where it has room for one."""
    stand_in = {
        "segment": SegmentEntered(segment_id="x"),
        "": None,
    }.get(recipe.asks, Once(at=timezone.now()))
    definition = draft(
        recipe,
        name="-",
        link="https://shop.example",
        trigger=stand_in,
        promotion_id="x" if recipe.takes_promotion else None,
        greetings=_next_greetings(recipe),
    )
    told = []
    for language, name in (("de", _("German")), ("en", _("English"))):
        seen = look(
            definition,
            customer_id=None,
            language="de" if language == "de" else "en",
            now=timezone.now(),
        )
        told.append(
            {"language": name, "subject": seen.subject, "html": in_theme(seen.html, "light")}
        )
    return told
