"""Letters: what a campaign's content becomes, as HTML and as plain text."""
