"""Beside the form of a promotion: its plain sentence and the test basket, as somebody types."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.admin import ActingAdmin
from common.forms.problems import problems_of
from common.sentence_words import Language
from common.words import language_in_use
from promotions.admin.verdict import verdict_of
from promotions.domain.definition import PromotionDefinition
from promotions.forms.basket import PREFIX, BasketForm
from promotions.forms.starter import starter_basket, starter_fields
from promotions.models import Promotion
from promotions.queries.definitions import definition_of, summary_of
from promotions.queries.trial import try_promotion

_NEW = "new"


class PreviewedAdmin(ActingAdmin):
    """A page that answers what its form would do; nothing of it is saved."""

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        name = "promotions_promotion_preview"
        return [
            path("preview/", preview, name=name),
            path("<int:key>/preview/", preview, name=name),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, key: int | None = None) -> JsonResponse:
        """The sentences and the basket of what stands in the form, or what is wrong with it.

        Whoever may only look gets those of the promotion as it is.
        """
        promotion = self._promotion(key)
        if request.method != "POST" or not self.has_view_permission(request, promotion):
            return JsonResponse({}, status=403)
        if self._may_write(request, promotion):
            form = self._typed(request, promotion)
            if not form.is_valid():
                return JsonResponse({"problems": problems_of(form)})
            definition = form.sound_definition
        elif promotion is not None:
            definition = definition_of(promotion)
        else:
            return JsonResponse({}, status=403)
        basket = self._tried(request, definition, promotion)
        return JsonResponse({"sentences": sentences(definition), **basket})

    def beside(
        self, request: HttpRequest, promotion: Promotion | None, definition: Any
    ) -> dict[str, Any]:
        """What the templates need to show both, before anything is typed."""
        arguments = [] if promotion is None else [promotion.pk]
        basket = BasketForm(
            initial=starter_basket(definition, language=language_in_use()),
            may_name=_may_name(request),
        )
        return {
            "preview_url": reverse("admin:promotions_promotion_preview", args=arguments),
            "sentences": sentences(definition),
            "basket": basket,
            "words": {
                "sentences": _("In plain words"),
                "hint": _("It says here what the promotion does."),
                "basket": _("Test basket"),
                "basket_hint": _(
                    "What this promotion would give now if its status were active. Nothing is saved."
                ),
                "more": _("Codes, time and place"),
                "waits": _("The basket waits until the form is complete."),
                "failed": _("The server did not answer. It is asked again as you go on typing."),
            },
        }

    def _promotion(self, key: int | None) -> Promotion | None:
        if key is None:
            return None
        promotion = Promotion.objects.filter(pk=key).first()
        if promotion is None:
            raise Http404
        return promotion

    def _may_write(self, request: HttpRequest, promotion: Promotion | None) -> bool:
        if promotion is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, promotion)

    def _typed(self, request: HttpRequest, promotion: Promotion | None) -> Any:
        typed = request.POST.copy()
        typed["name"] = typed.get("name") or "-"
        typed["seen"] = ""
        made = self.get_form(request, promotion, change=promotion is not None)
        form = made(typed, instance=promotion)
        form.fields.pop("promotion_id", None)
        return form

    def _tried(
        self, request: HttpRequest, definition: PromotionDefinition, promotion: Promotion | None
    ) -> dict[str, Any]:
        """The basket's result as HTML, or what of the basket cannot be, by field.

        A basket that nobody has touched is one to begin with; its fields are answered as well.
        """
        starter = {}
        sent: Mapping[str, Any] = request.POST
        if "basket-starts" in sent:
            starter = starter_fields(definition, language=language_in_use())
            starter = {name: starter[name] for name in starter if _may_be_sent(name, request)}
            sent = starter
        basket = BasketForm(sent, may_name=_may_name(request))
        cart = basket.cart(currency=definition.currency) if basket.is_valid() else None
        if cart is None:
            return {"basket_problems": basket.problems(), "starter": starter}
        trial = try_promotion(
            definition=definition,
            promotion_id=promotion.reference if promotion else _NEW,
            promotion_key=promotion.pk if promotion else None,
            cart=cart,
            with_others=basket.cleaned_data["with_others"],
            now=basket.cleaned_data["at"] or timezone.now(),
        )
        verdict = verdict_of(trial, cart=cart, language=language_in_use())
        told = render_to_string("promotions/admin/verdict.html", {"verdict": verdict})
        return {"basket": told, "starter": starter}


def sentences(definition: PromotionDefinition | None) -> dict[Language, str]:
    """In both languages; none of a promotion that is not there yet."""
    return summary_of(definition, today=timezone.localdate()) if definition else {}


def _may_be_sent(field: str, request: HttpRequest) -> bool:
    return _may_name(request).get(field.removeprefix(f"{PREFIX}-"), True)


def _may_name(request: HttpRequest) -> dict[str, bool]:
    """What a basket tells of customers and codes is for those who may look at them."""
    user = request.user
    return {
        "customer_id": user.has_perm("customers.view_customer"),
        "codes": user.has_perm("promotions.view_code"),
    }
