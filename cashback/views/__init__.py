"""The cashback part of the API."""
