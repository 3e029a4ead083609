"""Who is due for a campaign, by what happens to customers: SELECTs as parts of their reader's statement."""
