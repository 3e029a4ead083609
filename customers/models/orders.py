"""Purchase history: orders with their lines, what came back, and the running figures of a customer."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """An order as the shop told it, or as a redemption made it. Amounts in minor units of `currency`."""

    class Status(models.TextChoices):
        PLACED = "placed", _("placed")
        PAID = "paid", _("paid")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    reference = models.CharField(_("order id"), max_length=128, db_collation="C")
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        related_name="orders",
        verbose_name=_("customer"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    placed_at = models.DateTimeField(_("placed at"))
    paid_at = models.DateTimeField(_("paid at"), null=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    channel = models.CharField(_("channel"), max_length=128, blank=True, default="")
    partner_reference = models.CharField(max_length=128, blank=True, default="")
    #: Before discount.
    shipping_amount = models.BigIntegerField(default=0)
    shipping_discount = models.BigIntegerField(default=0)
    shipping_cashback = models.BigIntegerField(default=0)
    shipping_refunded = models.BooleanField(_("shipping refunded"), default=False)
    tracking_url = models.CharField(max_length=2000, blank=True, default="")
    #: Whether a redemption has fixed its discounts; they never change again.
    is_redeemed = models.BooleanField(_("redeemed"), default=False)
    #: As the shop last told it, it was history: nobody is written to because of it.
    is_history = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(name="customers_order_id_once", fields=["reference"]),
            models.CheckConstraint(
                name="customers_order_shipping_not_below_zero",
                condition=Q(shipping_discount__gte=0, shipping_cashback__gte=0)
                & Q(shipping_amount__gte=F("shipping_discount") + F("shipping_cashback")),
            ),
            models.CheckConstraint(
                name="customers_order_cancelled_has_instant",
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                name="customers_order_of_customer",
                fields=["customer", "placed_at"],
                condition=~Q(status="cancelled"),
            ),
            models.Index(name="customers_order_by_status", fields=["status", "reference"]),
            # Orders come in the order of their instants, more or less: whoever looks for what was
            # reached lately reads few pages, and a checkout pays next to nothing for it.
            BrinIndex(
                name="customers_order_by_instants",
                fields=["placed_at", "paid_at", "shipped_at", "delivered_at", "cancelled_at"],
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(models.Model):
    """A line of an order. Discount and cashback are of the whole line; units go back first unit first."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    line_id = models.CharField(_("line id"), max_length=128)
    sku = models.CharField(_("SKU"), max_length=128)
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    categories = ArrayField(models.CharField(max_length=128), default=list)
    brand = models.CharField(max_length=128, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=128), default=list)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.BigIntegerField()
    list_price = models.BigIntegerField(null=True)
    discountable = models.BooleanField(default=True)
    discount_amount = models.BigIntegerField(default=0)
    cashback_amount = models.BigIntegerField(default=0)
    returned_quantity = models.PositiveIntegerField(_("returned quantity"), default=0)
    #: Whether it stood in the redeemed cart; the others of a redeemed order are gifts.
    is_redeemed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(
                name="customers_order_line_id_once_per_order",
                fields=["order", "line_id"],
            ),
            models.CheckConstraint(
                name="customers_order_line_taken_not_above_price",
                condition=Q(quantity__gte=1, unit_price__gte=0, discount_amount__gte=0)
                & Q(cashback_amount__gte=0)
                & Q(discount_amount__lte=F("quantity") * F("unit_price") - F("cashback_amount")),
            ),
            models.CheckConstraint(
                name="customers_order_line_returned_within_bought",
                condition=Q(returned_quantity__lte=F("quantity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_id}"


class OrderReturn(models.Model):
    """Something that came back; its figures are the first answer and never change."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="returns", db_index=False
    )
    reference = models.CharField(_("return id"), max_length=128)
    refund_shipping = models.BooleanField(default=False)
    refund_amount = models.BigIntegerField()
    discount_reversed = models.BigIntegerField()
    shipping_refunded = models.BigIntegerField()
    #: What was asked for, to tell a repeated `return_id` from a reused one.
    request = models.JSONField()
    #: The whole answer, kept for a repeated `return_id`.
    answer = models.JSONField()
    returned_at = models.DateTimeField(_("returned at"))

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.UniqueConstraint(
                name="customers_return_id_once_per_order", fields=["order", "reference"]
            ),
            models.CheckConstraint(
                name="customers_return_amounts_not_below_zero",
                condition=Q(
                    refund_amount__gte=0,
                    discount_reversed__gte=0,
                    shipping_refunded__gte=0,
                ),
            ),
        ]
        indexes = [models.Index(name="customers_return_by_instant", fields=["returned_at"])]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.reference}"


class OrderReturnLine(models.Model):
    """How many units of a line came back with one return, and what was paid back for them."""

    order_return = models.ForeignKey(OrderReturn, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    refund_amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="customers_return_line_has_units", condition=Q(quantity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"


class CustomerMetrics(models.Model):
    """Running figures of a customer in one currency, kept in the transaction of each order.

    Cancelled orders do not count; amounts are lines after discount, without shipping, less
    returned units; a fully returned order still counts in `orders_count`.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="metrics", db_index=False
    )
    currency = models.CharField(max_length=3)
    orders_count = models.IntegerField(default=0)
    items_count = models.BigIntegerField(default=0)
    total_amount = models.BigIntegerField(default=0)
    first_placed_at = models.DateTimeField(null=True)
    last_placed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="customers_metrics_once_per_currency",
                fields=["customer", "currency"],
            ),
            models.CheckConstraint(
                name="customers_metrics_not_below_zero",
                condition=Q(orders_count__gte=0, items_count__gte=0, total_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.currency}: {self.orders_count} orders"
