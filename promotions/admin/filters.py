"""Narrowing a list down."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter


class PromotionFilter(AutocompleteSelectFilter):
    """Of one promotion, found by typing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("promotion")
