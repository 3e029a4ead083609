"""Short messages: what is shown within the shop or on a phone, written like letters."""
