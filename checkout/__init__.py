"""The uses of the shop: validate, reserve, redeem, cancel, orders, returns; owns the transaction."""
