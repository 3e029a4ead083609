"""Fields of the staff's forms that all apps share."""
