"""A choice among hundreds, such as time zones."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from unfold.widgets import UnfoldAdminSelect2Widget

_END = "</select>"


class LongSelect(UnfoldAdminSelect2Widget):
    """Draws its options itself: by a template for each they take longer than all else on a page."""

    def _render(
        self, template_name: str, context: dict[str, Any], renderer: Any = None
    ) -> SafeString:
        widget = context["widget"]
        options = format_html_join(
            "", "{}", ((_group(name, members),) for name, members, _ in widget["optgroups"])
        )
        empty = {**context, "widget": {**widget, "optgroups": []}}
        frame: str = super()._render(template_name, empty, renderer)
        return mark_safe(frame.replace(_END, f"{options}{_END}", 1))  # both are escaped


def _group(name: str | None, members: Sequence[Mapping[str, Any]]) -> SafeString:
    options = format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        ((each["value"], flatatt(each["attrs"]), each["label"]) for each in members),
    )
    if not name:
        return options
    return format_html('<optgroup label="{}">{}</optgroup>', name, options)
