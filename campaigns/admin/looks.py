"""What is looked at and tried out on a campaign's page: letter, test, deliveries, report."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from campaigns.actions import trying
from campaigns.admin.previews import preview_page
from campaigns.admin.reports import report_page
from campaigns.admin.words import reason_word
from campaigns.forms.trying import TestMailForm
from campaigns.models import Campaign
from common.admin import refusal_text
from common.asking import Asking
from common.errors import DomainError


class CampaignLooks(Asking):
    """Its buttons, for those who may look."""

    def has_send_test_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        found = self._standing(request, object_id, set(Campaign.Status.values))
        is_letter = found is not None and found.channel == "email" and bool(found.content)
        return is_letter and request.user.has_perm("campaigns.change_campaign")

    def has_show_preview_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        if not self.has_view_permission(request):
            return False
        found = self._standing(request, object_id, set(Campaign.Status.values))
        return found is not None and found.channel == "email" and bool(found.content)

    def has_show_report_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Once it has begun."""
        begun = set(Campaign.Status.values) - {"draft", "submitted", "approved", "scheduled"}
        if not self.has_view_permission(request):
            return False
        return self._standing(request, object_id, begun) is not None

    def _standing(
        self, request: HttpRequest, object_id: Any, statuses: set[str]
    ) -> Campaign | None:
        """The campaign, if it stands so; on the page of an act however it stands: the act says what is wrong."""
        found = self._looked_up(request, object_id)
        if found is None:
            return None
        match = request.resolver_match
        is_own_page = match is not None and match.url_name == "campaigns_campaign_change"
        return found if found.status in statuses or not is_own_page else None

    def _looked_up(self, request: HttpRequest, object_id: Any) -> Campaign | None:
        """Read once for all buttons of a page."""
        if not object_id:
            return None
        kept: dict[str, Campaign | None] = request.__dict__.setdefault("_campaigns", {})
        if str(object_id) not in kept:
            kept[str(object_id)] = self.get_object(request, str(object_id))
        return kept[str(object_id)]

    @action(
        description=_("Send a test"), icon="outgoing_mail", url_path="test",
        permissions=["send_test"],
    )  # fmt: skip
    def send_test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.row(request, object_id)
        back = reverse("admin:campaigns_campaign_change", args=[campaign.pk])
        form = TestMailForm(
            request.POST or None,
            variants=[each["name"] for each in campaign.variants],
            initial={"to": request.user.email},  # type: ignore[union-attr]
        )
        if request.method == "POST" and form.is_valid():
            self._try_out(request, campaign, form)
            return HttpResponseRedirect(back)
        return self.ask(
            request,
            about=campaign.name,
            title=gettext("Send a test"),
            consequence=gettext("One mail, at once, with sample values. It counts nowhere."),
            button=gettext("Send"),
            back=back,
            form=form,
        )

    def _try_out(self, request: HttpRequest, campaign: Campaign, form: TestMailForm) -> None:
        to = form.cleaned_data["to"]
        try:
            reply = trying.send_test(
                campaign_id=campaign.reference,
                to=to,
                language=form.chosen,
                variant=form.cleaned_data.get("variant", ""),
                now=timezone.now(),
            )
        except DomainError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
            return
        if reply.outcome == "accepted":
            text = gettext("The test is on its way to %(to)s.") % {"to": to}
            self.message_user(request, text, messages.SUCCESS)
            return
        text = gettext("The test did not go to %(to)s.") % {"to": to}
        self.message_user(request, f"{text} {reason_word(reply.reason)}", messages.ERROR)

    @action(
        description=_("Preview"), icon="visibility", url_path="preview",
        permissions=["show_preview"],
    )  # fmt: skip
    def show_preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return preview_page(self, request, self.row(request, object_id))

    @action(
        description=_("Report"), icon="bar_chart", url_path="report", permissions=["show_report"]
    )
    def show_report(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return report_page(self, request, self.row(request, object_id))

    @action(description=_("Deliveries"), icon="mail", url_path="deliveries")
    def show_deliveries(self, request: HttpRequest, object_id: str) -> HttpResponse:
        key = self.row(request, object_id).pk
        url = reverse("admin:campaigns_delivery_changelist")
        return HttpResponseRedirect(f"{url}?campaign__id__exact={key}")
