"""What the second floor is for: the names that its modules carry, room by room."""

CAPABILITIES = {
    "session": "opening, the one draft, its fields, co-editing, unsaved input, history",
    "sites": "entry, proposals, shorthand, hazards, needles in and out",
    "signing": "readiness, the seal, co-signature, addenda and error marks",
    "billing": "the code that the needled muscles propose",
    "qualification": "who may needle on a day under a state's rules",
    "followups": "calls, soreness, red flags",
    "adverse_events": "recorded, reported, closed; their register and rates",
    "sharps": "injuries of staff, apart from every patient's record",
    "record": "a patient's page, trends, history of changes, print, amendments",
    "board": "today's visits, a therapist's day, absence",
    "reports": "what an owner asks",
    "audit": "searching the trail",
    "session_fields": "template tags of the session page",
}
