"""Segments and how many are in them."""

from django.contrib import admin

from common.admin import ReadOnlyAdmin
from customers.models import Segment
from journal.admin.history import TrailAdmin


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin, TrailAdmin):
    """Segments and how many are in them."""

    trail_kind = "segment"

    list_display = ("reference", "name", "kind", "member_count", "evaluated_at")
    list_filter = ("kind",)
    search_fields = ("reference__exact", "name")
    ordering = ("reference",)
    fields = ("reference", "name", "kind", "member_count", "evaluated_at", "created_at")
