"""What the pages of a promotion's jobs share."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display


class OfPromotion:
    """Rows that a job makes for a promotion."""

    autocomplete_fields = ("promotion",)

    @display(description=_("Promotion"))
    def of_promotion(self, obj: Any) -> str:
        return f"{obj.promotion.name} ({obj.promotion.reference})"
