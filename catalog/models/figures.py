"""What orders say of products, as of the last refresh. Nothing here is about a customer.

Rows name products by key and without a foreign key: a refresh then locks no product, a product that
is deleted leaves rows that nobody reads, and the next refresh clears them away.
"""

from django.db import models
from django.db.models import F, Q


class Pair(models.Model):
    """Two products that are bought together far more often than chance would have it."""

    pk = models.CompositePrimaryKey("product_id", "other_id")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    other = models.ForeignKey(
        "catalog.Product", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    #: Orders that have both.
    together = models.IntegerField()
    #: Of a million orders with `product` so many have `other` too.
    chance = models.IntegerField()
    #: So many times what chance would bring, in thousandths.
    lift = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="catalog_pair_is_of_two", condition=~Q(product_id=F("other_id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} with {self.other_id}: {self.together}"


class Bestseller(models.Model):
    """One of the products of a category that are in most orders; the category "" is the whole shop."""

    pk = models.CompositePrimaryKey("category", "product_id")
    category = models.CharField(max_length=128, db_collation="C")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    #: Orders that have it.
    orders = models.IntegerField()
    #: Of a million purchases in the category so many were it; of the shop: of a million orders.
    chance = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.category or 'shop'}: {self.product_id}"


class Refresh(models.Model):
    """One row: of when the figures are, and what they were counted from."""

    refreshed_at = models.DateTimeField(null=True)
    #: When a job was asked for last.
    asked_at = models.DateTimeField(null=True)
    orders = models.BigIntegerField(default=0)
    #: Whether the shop was so small that whoever finds the figures old may renew them.
    is_small = models.BooleanField(default=True)
    #: What a small shop's orders and products looked like then.
    stamp = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="catalog_refresh_is_one_row", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.refreshed_at)
