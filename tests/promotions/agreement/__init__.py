"""The service and the tests' reference price the same shops, and must agree to the cent."""
