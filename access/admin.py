"""The staff themselves, and the keys of callers (their secrets are nowhere)."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ManyToManyField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from access.actions import revoke_api_key
from access.models import ApiKey
from common.admin import ReadOnlyAdmin

admin.site.unregister([User, Group])


_ACTS = {
    "view": _("look at"),
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "approve": _("approve"),
    "see_personal_values": _("see names and addresses"),
}


class PermissionWords(ModelAdmin):
    """Permissions in words, and only those for which there is a page; Django's names are English."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        found: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            kinds = ContentType.objects.get_for_models(*admin.site._registry).values()
            found.queryset = found.queryset.filter(content_type__in=kinds)
            found.label_from_instance = _permission_text
        return found


def _permission_text(permission: Permission) -> str:
    model = permission.content_type.model_class()
    if model is None:
        return permission.name
    act = _ACTS.get(permission.codename) or _ACTS.get(permission.codename.partition("_")[0])
    app = apps.get_app_config(model._meta.app_label).verbose_name
    return f"{app}: {capfirst(model._meta.verbose_name_plural)}: {act or permission.name}"


@admin.register(User)
class UserAdmin(PermissionWords, DjangoUserAdmin, ModelAdmin):
    """Who may use these pages."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(PermissionWords, DjangoGroupAdmin, ModelAdmin):
    """What several people may do alike."""


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys are made by command, where their secret can be shown once; they are revoked here as well."""

    list_display = ("name", "prefix", "scopes", "created_at", "last_used_at", "revoked_at")
    fields = ("name", "prefix", "scopes", "created_at", "last_used_at", "revoked_at")
    search_fields = ("name", "prefix")
    ordering = ("-id",)
    actions_detail = ("revoke",)

    def has_revoke_permission(
        self, request: HttpRequest, obj: ApiKey | str | int | None = None
    ) -> bool:
        return request.user.has_perm("access.change_apikey")

    @action(
        description=_("Revoke"),
        icon="key_off",
        url_path="revoke",
        permissions=["revoke"],
        variant=ActionVariant.DANGER,
    )
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked by GET, done by POST; who did it stands in the key's history."""
        key = self.get_object(request, object_id)
        if key is None:
            raise Http404
        back = reverse("admin:access_apikey_change", args=[key.pk])
        if request.method == "POST":
            self._revoke(request, key)
            return HttpResponseRedirect(back)
        title = _("Revoke the API key %(key)s?") % {"key": key}
        words = {
            "title": title,
            "question": title,
            "consequence": _("From the next call on it opens nothing. This cannot be undone."),
            "cancel": _("Cancel"),
            "button": _("Revoke"),
        }
        context = {**self.admin_site.each_context(request), **words, "back": back}
        return render(request, "staff/confirm.html", context)

    def _revoke(self, request: HttpRequest, key: ApiKey) -> None:
        with transaction.atomic():
            is_new = revoke_api_key(key_id=key.pk, now=timezone.now())
            if is_new:
                self.log_change(request, key, gettext("Revoked."))
        if is_new:
            self.message_user(request, gettext("The key is revoked."), messages.SUCCESS)
        else:
            self.message_user(request, gettext("It was revoked before."), messages.INFO)
