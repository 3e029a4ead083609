"""Bases of the staff's pages: what is only shown, and what is written by acts."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from unfold import paginator
from unfold.admin import ModelAdmin, TabularInline

from common.api.preconditions import PreconditionFailed
from common.api.problems import language, told
from common.errors import CODES, DomainError, FieldError

#: Under this name a request carries what its act was refused for.
_REFUSAL = "_refusal_of_act"


def actor_of(request: HttpRequest) -> str:
    """How the audit trail names this member of staff."""
    return f"staff:{request.user.pk}"


def refusal_text(refusal: DomainError) -> str:
    """What a refused act says, in the language of the page."""
    row = CODES[refusal.code]
    title = row.de if language() == "de" else row.en
    return " ".join([title, *(error.detail for error in told(refusal.errors))])


class _RowsAdmin(ModelAdmin):
    """What all pages of our rows have."""

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """What a page of our own is about.

        Raises:
            Http404
        """
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return found

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any
    ) -> Paginator:
        # What Django noted of a row is little, and may be counted.
        if queryset.model is LogEntry:
            return Paginator(queryset, per_page)
        return super().get_paginator(request, queryset, per_page, *args, **kwargs)


class InfinitePaginator(paginator.InfinitePaginator):
    """Pages that are not counted, and not turned for ever: each skips all rows before it.

    Unfold's templates know it by its name.
    """

    most = 500

    def page(self, number: Any) -> Page:
        if self.validate_number(number) > self.most:
            return self._get_page(self.object_list.none(), number, self)
        return super().page(number)


class ReadOnlyAdmin(_RowsAdmin):
    """Rows that staff look at; nobody adds, changes or deletes them here."""

    # A list of millions is not counted.
    paginator = InfinitePaginator
    show_full_result_count = False
    list_per_page = 50
    compressed_fields = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    """Rows that belong to what is looked at."""

    extra = 0
    can_delete = False
    # The rows say what they are; their names are for the log.
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ActingAdmin(_RowsAdmin):
    """Saving is an act, the same as the API's: what it refuses is rolled back, and told on the form as it was sent.

    Nothing is deleted here: Django would first read all rows that hang on it, a million codes as well.
    """

    # A list of millions is not counted.
    paginator = InfinitePaginator
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """As the address says, save for what no row can be found by."""
        initial = super().get_changeform_initial_data(request)
        return {name: value for name, value in initial.items() if self._may_be(name, value)}

    def _may_be(self, name: str, value: Any) -> bool:
        relations = {field.name: field for field in self.opts.fields if field.is_relation}
        try:
            if name in relations:
                relations[name].target_field.to_python(value)
        except ValidationError:
            return False
        return True

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except PreconditionFailed:
                # Overtaken after the form had looked: now it sees that, and keeps what was typed.
                return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            return self._refused(refusal, request, object_id, form_url, extra_context)

    def _refused(self, refusal: DomainError, request: HttpRequest, *page: Any) -> HttpResponse:
        """The form with all that was typed, and with what is in the way."""
        if request.method == "POST" and not hasattr(request, _REFUSAL):
            setattr(request, _REFUSAL, refusal)
            try:
                return super().changeform_view(request, *page)
            except DomainError as other:
                refusal = other
        self.message_user(request, refusal_text(refusal), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, *args, **kwargs)
        refusal: DomainError | None = getattr(request, _REFUSAL, None)
        if refusal is None:
            return form

        says = self.refused
        why: DomainError = refusal

        class Refused(form):  # type: ignore[misc, valid-type]  # the form is the page's own
            def full_clean(self) -> None:
                super().full_clean()
                for name, text in says(why, self):
                    self.add_error(name if name in self.fields else None, text)

        return Refused

    def refused(self, refusal: DomainError, form: Any) -> list[tuple[str | None, str]]:
        """What a refused act says, by the field at which it stands; None: above the form."""
        if refusal.errors and all(_field_of(error) in form.fields for error in refusal.errors):
            return [(_field_of(error), error.detail) for error in told(refusal.errors)]
        return [(None, refusal_text(refusal))]


def _field_of(error: FieldError) -> str:
    return error.pointer.strip("/")
