"""Files for the bank: made of approved payouts, downloaded, told as paid."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from cashback.actions import sepa_files
from cashback.admin.words import PAYOUT_STATES
from cashback.domain.payouts import SEPA_CURRENCY
from cashback.models import Payout, SepaFile
from common.admin import ReadOnlyAdmin, actor_of
from common.asking import Asking
from common.errors import NotFound
from common.ids import public_id
from common.words import moment, money, number
from customers.admin.actors import person_of, persons_of
from journal.admin.history import TrailAdmin


@admin.register(SepaFile)
class SepaFileAdmin(ReadOnlyAdmin, Asking, TrailAdmin):
    """Whoever downloads one gets IBANs in full: that needs the right to change, and is noted."""

    trail_kind = "sepa_file"
    list_display = ("made", "message", "payouts_told", "total_told", "waiting", "by")
    list_display_links = ("made",)
    ordering = ("-id",)
    actions_list = ("make",)
    actions_detail = ("download", "mark_paid")
    fields = (
        "message", "made", "by_whom", "payouts_told", "total_told", "waiting", "kept", "rows",
    )  # fmt: skip
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def trail_id(self, obj: SepaFile) -> str:
        return public_id("sep", obj.pk)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SepaFile]:
        found: QuerySet[SepaFile] = super().get_queryset(request)
        of_file = Payout.objects.filter(sepa_file=OuterRef("pk"), status=Payout.Status.SUBMITTED)
        counted = of_file.order_by().values("sepa_file").annotate(count=Count("pk")).values("count")
        return found.defer("content").annotate(under_way=Coalesce(Subquery(counted), 0))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With who made all of them, read in one statement."""
        changelist = super().get_changelist_instance(request)
        names = persons_of(row.created_by for row in changelist.result_list)
        for row in changelist.result_list:
            row.maker = names[row.created_by]
        return changelist

    def has_make_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        may: bool = request.user.has_perm("cashback.add_sepafile")
        # In the list it is offered while something waits.
        return may and (not _is_page(request, "changelist") or _approved().exists())

    @action(description=_("New file"), icon="add", url_path="make", permissions=["make"])
    def make(self, request: HttpRequest) -> HttpResponse:
        """Asked by GET, done by POST."""
        back = reverse("admin:cashback_sepafile_changelist")
        if request.method == "POST":
            made: list[SepaFile] = []

            def act() -> str:
                made.append(sepa_files.make_sepa_file(actor=actor_of(request), now=timezone.now()))
                return gettext("The file is made. Download it, and give it to the bank.")

            answer = self.done(request, act, back=back)
            if not made:
                return answer
            return HttpResponseRedirect(
                reverse("admin:cashback_sepafile_change", args=[made[0].pk])
            )
        waiting = _approved().aggregate(count=Count("pk"), total=Sum("amount"))
        if not waiting["count"]:
            self.message_user(request, gettext("No payout waits for a file."), messages.WARNING)
            return HttpResponseRedirect(back)
        text = ngettext(
            "%(count)s approved payout of %(total)s waits for a file.",
            "%(count)s approved payouts of %(total)s together wait for a file.",
            waiting["count"],
        ) % {
            "count": number(waiting["count"]),
            "total": money(waiting["total"], SEPA_CURRENCY),
        }
        return self.ask(
            request,
            about="SEPA",
            title=gettext("Put the approved payouts into a file for the bank?"),
            consequence=text
            + " "
            + gettext("From then on they are under way, and in no other file."),
            button=gettext("Make the file"),
            back=back,
        )

    def has_hand_out_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may see all IBANs of it; offered while the content is kept."""
        may: bool = request.user.has_perm("cashback.change_sepafile")
        if not may or not object_id or not _is_page(request, "change"):
            return may
        found = self.get_object(request, str(object_id))
        return found is not None and bool(found.content)

    def has_end_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """While any of it is under way."""
        if not object_id or not request.user.has_perm("cashback.change_sepafile"):
            return False
        found = self.get_object(request, str(object_id))
        return found is not None and (request.method == "POST" or _under_way(found) > 0)

    @action(
        description=_("Download"), icon="download", url_path="download", permissions=["hand_out"],
        variant=ActionVariant.PRIMARY,
    )  # fmt: skip
    def download(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """As the bank takes it; who had it stands in the history."""
        file = self.row(request, object_id)
        try:
            content = sepa_files.hand_out(file=file, actor=actor_of(request), now=timezone.now())
        except NotFound:
            self.message_user(request, gettext("The file is not kept any more."), messages.WARNING)
            return HttpResponseRedirect(_page_of(file))
        named = f'attachment; filename="{public_id("sep", file.pk)}.xml"'
        headers = {"Content-Disposition": named}
        return HttpResponse(content, content_type="application/xml", headers=headers)

    @action(description=_("Paid"), icon="paid", url_path="paid", permissions=["end"])
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked by GET, done by POST."""
        file = self.row(request, object_id)
        if request.method == "POST":

            def act() -> str:
                paid = sepa_files.mark_file_paid(
                    file=file, actor=actor_of(request), now=timezone.now()
                )
                text = ngettext("%(count)s payout is paid.", "%(count)s payouts are paid.", paid)
                return text % {"count": number(paid)}

            return self.done(request, act, back=_page_of(file))
        return self.ask(
            request,
            about=file.message_id,
            title=gettext("Has the bank carried out this file?"),
            consequence=gettext(
                "Everything of it that is still under way is paid. Tell what has failed first."
                " This cannot be undone."
            ),
            button=gettext("Paid"),
            back=_page_of(file),
        )

    @display(description=_("Made"), ordering="id")
    def made(self, obj: SepaFile) -> str:
        return moment(obj.created_at)

    @display(description=_("File for the bank"))
    def message(self, obj: SepaFile) -> str:
        return obj.message_id

    @display(description=_("Payouts"))
    def payouts_told(self, obj: SepaFile) -> str:
        return number(obj.payouts_count)

    @display(description=_("Total"))
    def total_told(self, obj: SepaFile) -> str:
        return money(obj.total, SEPA_CURRENCY)

    @display(description=_("Still under way"))
    def waiting(self, obj: SepaFile) -> str:
        return number(_under_way(obj))

    @display(description=_("By"))
    def by(self, obj: Any) -> str:
        maker: str = obj.maker
        return maker

    @display(description=_("By"))
    def by_whom(self, obj: SepaFile) -> str:
        return person_of(obj.created_by)

    @display(description=_("Content"))
    def kept(self, obj: SepaFile) -> str:
        return gettext("can be downloaded") if obj.content else gettext("not kept any more")

    @display(description=_("Payouts in this file"))
    def rows(self, obj: SepaFile) -> str:
        payouts = obj.payouts.select_related("wallet__customer").order_by("pk")
        told = [
            (
                reverse("admin:cashback_payout_change", args=[payout.pk]),
                payout.wallet.customer.reference,
                money(payout.amount, SEPA_CURRENCY),
                payout.masked or gettext("erased"),
                PAYOUT_STATES[payout.status],
            )
            for payout in payouts
        ]
        return format_html(
            '<div class="several">{}</div>',
            format_html_join(
                "",
                '<div><a class="text-link" href="{}">{}</a> · {} · {} · {}</div>',
                told,
            ),
        )


def _approved() -> QuerySet[Payout]:
    """What goes into the next file."""
    return Payout.objects.filter(status=Payout.Status.APPROVED, provider=Payout.Provider.SEPA)


def _is_page(request: HttpRequest, name: str) -> bool:
    """Whether this is the list, or a file's page, and not that of an act."""
    match = request.resolver_match
    return match is not None and match.url_name == f"cashback_sepafile_{name}"


def _under_way(file: Any) -> int:
    count: int = file.under_way
    return count


def _page_of(file: SepaFile) -> str:
    return reverse("admin:cashback_sepafile_change", args=[file.pk])
