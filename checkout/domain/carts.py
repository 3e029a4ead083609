"""What must hold of a cart beyond the shape of its fields."""

from common.cart import MAX_LINES, MAX_UNITS, Cart
from common.errors import DomainError, FieldError, ValidationFailed


class CartTooLarge(DomainError):
    """More lines or units than the service prices."""

    code = "cart_too_large"


def check_cart(cart: Cart) -> None:
    """Refuse a cart that is too large or names a line twice.

    Raises:
        CartTooLarge, ValidationFailed
    """
    if len(cart.lines) > MAX_LINES or cart.units > MAX_UNITS:
        raise CartTooLarge(f"At most {MAX_LINES} lines and {MAX_UNITS} units are priced.")
    seen: set[str] = set()
    errors = []
    for index, line in enumerate(cart.lines):
        if line.line_id in seen:
            pointer = f"/lines/{index}/line_id"
            errors.append(FieldError(pointer, "duplicate", "Each line needs an id of its own."))
        seen.add(line.line_id)
    if errors:
        raise ValidationFailed(errors=errors)
