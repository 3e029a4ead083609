"""Acts of campaigns."""
