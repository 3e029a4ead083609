"""The REST edge: what every endpoint does alike, and the document that says so."""
