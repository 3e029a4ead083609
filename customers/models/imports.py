"""Files of customers and of orders that are taken in."""

from django.utils.translation import gettext_lazy as _

from common.models import FileImport, decided_within_rows


class CustomerImport(FileImport):
    """One file of customers, checked and taken in by one job."""

    class Meta:
        verbose_name = _("customer import")
        verbose_name_plural = _("customer imports")
        constraints = [decided_within_rows("customers_customer_import_decided_within_rows")]


class OrderImport(FileImport):
    """One file of orders, a row for each of their lines, checked and taken in by one job."""

    class Meta:
        verbose_name = _("order import")
        verbose_name_plural = _("order imports")
        constraints = [decided_within_rows("customers_order_import_decided_within_rows")]
