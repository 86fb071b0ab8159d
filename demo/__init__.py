"""The demo practice: plainly fictional people with a believable past, the same for the same seed."""
