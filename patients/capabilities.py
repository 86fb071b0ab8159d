"""The capabilities of the first floor, which name the modules of its rooms."""

CAPABILITIES = {
    "patients": "registering somebody and changing what is known of them",
    "identity": "search keys, likeness, search and lists",
    "ages": "counting years and months as people and the law do",
    "banner": "who it is, what may harm them, what stands",
    "alerts": "allergies, medications, coverage, referrals, related persons",
    "conditions": "what is treated: code, side, onset",
    "body_areas": "parts of the body as patients name them",
    "consents": "consent given, refused, copied and withdrawn",
    "signers": "who signs a consent, compared with the names on record",
    "consent_texts": "versions of the consent's text",
    "episodes": "the episode of care",
    "handovers": "the tablet in the patient's hands",
    "retention": "how long a record is kept, legal hold, disclosures",
    "restrictions": "records that few may open",
    "screenings": "health questions, answers and their review",
    "validity": "whether health questions and consent stand on a day",
    "visits": "an appointment, from booking to check-out",
    "merged": "records that were merged into another",
    "records": "the row lock that every write to a record takes",
    "visibility": "which records somebody may see",
}
