"""What the shop sells."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """An article of the shop. `sku` is the shop's own id, the same as on carts and order lines."""

    sku = models.CharField(_("SKU"), max_length=128, db_collation="C")
    name_de = models.CharField(_("name in German"), max_length=255, blank=True, default="")
    name_en = models.CharField(_("name in English"), max_length=255, blank=True, default="")
    url = models.CharField(_("address"), max_length=2000, blank=True, default="")
    image_url = models.CharField(
        _("address of its picture"), max_length=2000, blank=True, default=""
    )
    categories = ArrayField(
        models.CharField(max_length=128), verbose_name=_("categories"), default=list
    )
    brand = models.CharField(_("brand"), max_length=128, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=128), verbose_name=_("tags"), default=list)
    price = models.BigIntegerField(_("price"), null=True)
    #: Above `price`: it is reduced.
    list_price = models.BigIntegerField(_("list price"), null=True)
    #: What a unit costs the shop; without it a share of the price is taken for it (`MARGIN_PERCENT`).
    unit_cost = models.BigIntegerField(_("cost"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    available = models.BooleanField(_("available"), default=True)
    created_at = models.DateTimeField(_("created at"))
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(name="catalog_product_sku_once", fields=["sku"]),
            models.CheckConstraint(
                name="catalog_product_has_name", condition=~Q(name_de="", name_en="")
            ),
            models.CheckConstraint(
                name="catalog_product_prices_not_below_zero",
                condition=(Q(price__isnull=True) | Q(price__gte=0))
                & (Q(list_price__isnull=True) | Q(list_price__gte=0))
                & (Q(unit_cost__isnull=True) | Q(unit_cost__gte=0)),
            ),
            models.CheckConstraint(
                name="catalog_product_price_has_currency",
                condition=~Q(currency="")
                | Q(price__isnull=True, list_price__isnull=True, unit_cost__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.sku
