"""Every staff page by role. Braces name values that `bench_subjects` found."""

PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "reception": (
        ("today's board, desk", "/"),
        ("find, empty", "/patients/"),
        ("register", "/patients/register/"),
        ("record, desk", "/patients/{patient}/"),
        ("details", "/patients/{patient}/edit/"),
        ("alerts", "/patients/{patient}/alerts/"),
        ("book a visit", "/patients/{patient}/visits/book/"),
        ("start a visit", "/patients/{patient}/visits/start/"),
        ("change a visit", "/visits/{expected}/edit/"),
        ("take a step back", "/visits/{left}/take-back/"),
        ("move a day's visits", "/visits/move/"),
        ("hand over: health questions", "/patients/{patient}/screenings/hand-over/"),
        ("consent: how", "/patients/{patient}/consents/start/"),
        ("consent on paper", "/patients/{patient}/consents/paper/"),
        ("consent refused", "/patients/{patient}/consents/refuse/"),
        ("consent, read", "/patients/{consent_patient}/consents/{consent}/"),
        ("consent, printed", "/patients/{consent_patient}/consents/{consent}/print/"),
        ("consent withdrawn", "/patients/{consent_patient}/consents/{consent}/withdraw/"),
        ("call list", "/followups/"),
        ("a call", "/followups/{call}/"),
        ("a call, corrected", "/followups/{reported}/correct/"),
        ("a call, closed", "/followups/{call}/close/"),
    ),
    "therapist": (
        ("today's board, therapist", "/"),
        ("record", "/patients/{patient}/"),
        ("record, longest history", "/patients/{longest}/"),
        ("trends", "/patients/{patient}/chart/"),
        ("history", "/patients/{patient}/history/"),
        ("record, printed", "/patients/{patient}/print/"),
        ("add a condition", "/patients/{patient}/conditions/add/"),
        ("change a condition", "/patients/{patient}/conditions/{condition}/edit/"),
        ("resolve a condition", "/patients/{patient}/conditions/{condition}/resolve/"),
        ("course of treatment", "/patients/{patient}/episode/"),
        ("discharge", "/patients/{patient}/discharge/"),
        ("health questions", "/patients/{patient}/screenings/intake/"),
        ("anything changed?", "/patients/{patient}/screenings/visit/"),
        ("review answers", "/patients/{review_patient}/screenings/{review}/"),
        ("open a session", "/patients/{patient}/sessions/open/"),
        ("session, draft", "/sessions/{draft}/"),
        ("sign", "/sessions/{unsigned}/sign/"),
        ("session, signed", "/sessions/{session}/"),
        ("session, printed", "/sessions/{session}/print/"),
        ("addendum", "/sessions/{session}/addenda/"),
        ("entered in error", "/sessions/{session}/error/"),
        ("void a draft", "/sessions/{draft}/void/"),
        ("adverse event", "/sessions/{session}/adverse-events/add/"),
        ("warning sign", "/followups/{flag}/flag/"),
        ("a call, answered", "/followups/{reported}/"),
        ("co-sign", "/sessions/{cosign}/co-sign/"),
        ("changes of a note", "/sessions/{draft}/changes/"),
        ("change a site", "/sessions/{draft}/sites/{site}/"),
        ("disclosures", "/patients/{patient}/disclosures/"),
        ("needles of a lot", "/reports/lot/"),
    ),
    "lead": (
        ("today's board, lead", "/"),
        ("record, lead", "/patients/{patient}/"),
        ("session, signed, lead", "/sessions/{session}/"),
        ("keep a record from others", "/patients/{patient}/restriction/"),
        ("how long it is kept", "/patients/{patient}/keeping/"),
        ("close without a signature", "/sessions/{draft}/close/"),
        ("audit, empty", "/audit/"),
        ("reports", "/reports/"),
        ("report, unsigned notes", "/reports/notes/"),
        ("report, needle counts", "/reports/needles/"),
        ("report, not reached", "/reports/calls/"),
        ("report, soreness", "/reports/soreness/"),
        ("report, overrides", "/reports/overrides/"),
        ("report, visits", "/reports/visits/"),
        ("report, adverse events", "/reports/adverse-events/rates/"),
    ),
    "admin": (
        ("today's board, admin", "/"),
        ("administration", "/admin/"),
        ("who may what", "/admin/who-may-what/"),
        ("accounts", "/admin/clinic/user/"),
        ("practice settings", "/admin/clinic/practice/1/change/"),
        ("a catalogue", "/admin/patients/condition/"),
        ("sessions, by reference", "/admin/treatments/needlingsession/?q={session}"),
        ("audit, by reference", "/admin/clinic/auditevent/?q={session}"),
    ),
}

# Of the front desk, once so many calls are due: their count stands on each of its pages.
DUE = 5_000
DUE_PAGES = [
    ("call list, 5,000 due", "/followups/"),
    ("call list, 5,000 due, page 100", "/followups/?page=100"),
    ("today's board, desk, 5,000 due", "/"),
]


def addresses(subjects: dict, role: str) -> list[tuple[str, str]]:
    """(label, path) of the pages of a role."""
    person = subjects["treatable"][0]
    review_patient, review = subjects["review"]
    consent_patient, consent = subjects["consent"]
    names = {
        **subjects,
        "patient": person["ref"],
        "session": person["session"],
        "expected": subjects["expected"][0],
        "call": subjects["calls"][0],
        "review_patient": review_patient,
        "review": review,
        "consent_patient": consent_patient,
        "consent": consent,
    }
    wanted = [(what, path.format(**names)) for what, path in PAGES[role]]
    # an earlier run of the benchmark has co-signed the only waiting note
    return [(what, path) for what, path in wanted if "/None/" not in path]
