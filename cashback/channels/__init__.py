"""Who pays out. `providers` says what one is and who is set up; `sepa` writes files, `stripe` calls."""
