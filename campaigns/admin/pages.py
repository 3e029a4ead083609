"""Pages beside the list and the form of campaigns, each with an address of its own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns.admin.calendar import calendar_page
from campaigns.admin.recipes import recipe_page, recipes_page
from campaigns.admin.silence import silence_page
from campaigns.admin.standing import progress_context
from campaigns.queries.campaigns import states_of


class CampaignPages(ModelAdmin):
    """They show, and call one action."""

    actions_list: Any = ("from_recipe", "show_calendar", "show_silence")

    def get_urls(self) -> list[URLPattern]:
        named = "campaigns_campaign"
        pages = [
            ("recipes/", self.recipes, "recipes"),
            ("recipes/<slug:key>/", self.recipe, "recipe"),
            ("calendar/", self.calendar, "calendar"),
            ("why/", self.silence, "silence"),
            ("<int:key>/progress/", self.progress_of, "progress"),
        ]
        return [
            *(
                path(address, self.admin_site.admin_view(view), name=f"{named}_{name}")
                for address, view, name in pages
            ),
            *super().get_urls(),
        ]

    def recipes(self, request: HttpRequest) -> HttpResponse:
        """All recipes, for whoever may write campaigns."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return recipes_page(self, request)

    def recipe(self, request: HttpRequest, key: str) -> HttpResponse:
        """One recipe."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return recipe_page(self, request, key)

    def calendar(self, request: HttpRequest) -> HttpResponse:
        """A month."""
        self._check_view(request)
        return calendar_page(self, request)

    def silence(self, request: HttpRequest) -> HttpResponse:
        """Why somebody got nothing, for whoever may look at customers and campaigns."""
        self._check_view(request)
        if not request.user.has_perm("customers.view_customer"):
            raise PermissionDenied
        return silence_page(self, request)

    def progress_of(self, request: HttpRequest, key: int) -> HttpResponse:
        """The bar alone, as a piece of its page."""
        self._check_view(request)
        campaign = self.row(request, str(key))
        context = {"progress": progress_context(campaign, states_of(campaign.pk))}
        return render(request, "campaigns/admin/progress.html", context)

    def has_silence_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("customers.view_customer"))

    @action(
        description=_("New from a recipe"), icon="menu_book", url_path="new-from-recipe",
        permissions=["add"], variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def from_recipe(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_recipes"))

    @action(description=_("Calendar"), icon="calendar_month", url_path="show-calendar")
    def show_calendar(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_calendar"))

    @action(
        description=_("Why did they get nothing?"), icon="contact_support", url_path="show-why",
        permissions=["silence"],
    )  # fmt: skip
    def show_silence(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_silence"))

    def _check_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
