"""Every page in every state worth a look. An address that has no row here fails a test."""

from tests.browser.looking import TABLET, VISITOR, Shown

DESK, THERAPIST, LEAD, ADMIN = "reception", "therapist", "lead", "admin"
FAILED = {"state": "failed", "status": 422}
NO = "nonsense"

DOOR = [
    Shown(VISITOR, "account_login", "empty"),
    Shown(VISITOR, "account_login", send={"login": "", "password": ""}, **FAILED),
    Shown(DESK, "account_logout"),
    Shown(DESK, "account_change_password", "empty"),
    Shown(DESK, "account_change_password", send={"oldpassword": "", "password1": "short"}, **FAILED),
]
FRONT_DESK = [
    Shown(DESK, "patients:find", "filled", send={"q": "Examplewood"}),
    Shown(DESK, "patients:find", "empty", send={"q": "Nobodyhere"}),
    Shown(DESK, "patients:find", "recent"),
    Shown(DESK, "patients:find", send={"q": ""}, **FAILED),
    Shown(DESK, "patients:register", "empty"),
    Shown(
        DESK,
        "patients:register",
        "match",
        send={"family_name": "Examplewood", "given_name": "Ada", "born": "7/9/1985"},
    ),
    Shown(DESK, "patients:register", send={"family_name": "", "born": "2/29/2023", "state": "QQ"}, **FAILED),
    Shown(DESK, "patients:edit", "filled", "ada"),
    Shown(DESK, "patients:edit", at="ada", send={"family_name": "", "given_name": "", "born": NO}, **FAILED),
    Shown(DESK, "patients:alerts", "filled", "ada"),
    Shown(DESK, "patients:alerts", "empty", "nell"),
    Shown(DESK, "patients:alerts", at="nell", send={"substance": "", "reaction": ""}, **FAILED),
    Shown(DESK, "patients:visit-book", "empty", "ada"),
    Shown(DESK, "patients:visit-book", at="ada", send={"booked_for": NO, "minutes": "0"}, **FAILED),
    Shown(DESK, "patients:visit-start", "empty", "ada"),
    Shown(DESK, "patients:visit-start", "expected", "nell"),
    Shown(DESK, "patients:visit-start", at="ada", send={"minutes": "900"}, **FAILED),
    Shown(DESK, "patients:visit-edit", "filled", "expected"),
    Shown(DESK, "patients:visit-edit", at="expected", send={"booked_for": ""}, **FAILED),
    Shown(DESK, "patients:visit-take-back", "empty", "expected"),
    Shown(DESK, "patients:visit-take-back", "filled", "here"),
    Shown(DESK, "patients:visit-take-back", at="here", send={"reason": ""}, **FAILED),
]
SAFETY = [
    Shown(DESK, "patients:screening-hand-over", "empty", "ada"),
    Shown(DESK, "patients:screening-hand-over", at="ada", send={}, **FAILED),
    Shown(THERAPIST, "patients:screening-answer", "empty", "intake"),
    Shown(THERAPIST, "patients:screening-answer", "empty visit", "visit"),
    Shown(THERAPIST, "patients:screening-answer", at="intake", send={}, **FAILED),
    Shown(THERAPIST, "patients:screening", "waiting", "waiting"),
    Shown(THERAPIST, "patients:screening", "reviewed", "reviewed"),
    Shown(THERAPIST, "patients:screening", at="waiting", send={"reason": ""}, **FAILED),
    Shown(DESK, "patients:consent-start", "filled", "ada"),
    Shown(DESK, "patients:consent-start", "add", "ada", query="?add"),
    Shown(DESK, "patients:consent-start", at="nell", send={"therapist": ""}, **FAILED),
    Shown(DESK, "patients:consent-paper", "empty", "nell"),
    Shown(DESK, "patients:consent-paper", at="nell", send={"paper_on": NO}, **FAILED),
    Shown(DESK, "patients:consent-refuse", "empty", "nell"),
    Shown(DESK, "patients:consent-refuse", at="nell", send={"reason": ""}, **FAILED),
    Shown(DESK, "patients:consent", "given", "consent"),
    Shown(DESK, "patients:consent", at="consent", send={}, **FAILED),
    Shown(DESK, "patients:consent-print", "given", "consent"),
    Shown(DESK, "patients:consent-withdraw", "empty", "consent"),
    Shown(DESK, "patients:consent-withdraw", at="consent", send={"reason": ""}, **FAILED),
]
ON_THE_TABLET = [
    Shown(TABLET + "questions", "patients:handover", "questions"),
    Shown(TABLET + "questions", "patients:handover-step", "later page", "third page"),
    Shown(TABLET + "questions", "patients:handover-step", at="first page", send={}, **FAILED),
    Shown(TABLET + "answered questions", "patients:handover", "check"),
    Shown(TABLET + "consent", "patients:handover", "consent"),
    Shown(TABLET + "consent", "patients:handover-step", at="first page", send={}, **FAILED),
    Shown(TABLET + "consent", "patients:handover-step", "declining", "third page"),
    Shown(TABLET + "read consent", "patients:handover-step", "signing", "second page"),
    Shown(
        TABLET + "read consent",
        "patients:handover-step",
        at="second page",
        send={"signer_name": ""},
        **FAILED,
    ),
    Shown(TABLET + "sent", "patients:handover", "sent"),
    Shown(TABLET + "sent", "patients:handover-return", "empty"),
    Shown(TABLET + "sent", "patients:handover-return", send={"login": ""}, **FAILED),
]
RECORD = [
    Shown(DESK, "treatments:record", "filled", "ada"),
    Shown(DESK, "treatments:record", "empty", "nell"),
    Shown(THERAPIST, "treatments:record", "filled", "ada"),
    Shown(THERAPIST, "treatments:record", "empty", "nell"),
    Shown(LEAD, "treatments:record", "filled", "ada"),
    Shown(THERAPIST, "treatments:trends", "filled", "ada"),
    Shown(THERAPIST, "treatments:trends", "empty", "nell"),
    Shown(LEAD, "treatments:history", "filled", "ada"),
    Shown(LEAD, "treatments:history", "short", "nell"),
    Shown(THERAPIST, "treatments:record-print", "filled", "ada"),
    Shown(THERAPIST, "patients:condition-add", "empty", "ada"),
    Shown(THERAPIST, "patients:condition-add", "details", "ada", send={"condition": "neck-pain"}),
    Shown(THERAPIST, "patients:condition-add", at="ada", send={"condition": ""}, **FAILED),
    Shown(THERAPIST, "patients:condition-edit", "filled", "condition"),
    Shown(THERAPIST, "patients:condition-edit", at="condition", send={"onset": NO}, **FAILED),
    Shown(THERAPIST, "patients:condition-resolve", "empty", "condition"),
    Shown(THERAPIST, "patients:condition-resolve", at="condition", send={"reason": ""}, **FAILED),
    Shown(THERAPIST, "patients:episode", "filled", "ada"),
    Shown(THERAPIST, "patients:episode", "empty", "nell"),
    Shown(THERAPIST, "patients:episode", at="ada", send={"visits_before": "-1"}, **FAILED),
    Shown(THERAPIST, "patients:discharge", "empty", "ada"),
    Shown(THERAPIST, "patients:discharge", at="ada", send={"summary": ""}, **FAILED),
]
AFTERWARDS = [
    Shown(DESK, "treatments:followups", "filled"),
    Shown(THERAPIST, "treatments:followups", "filled"),
    Shown(DESK, "treatments:followups", "empty", query="?only=unreached"),
    Shown(DESK, "treatments:followup", "due", "due"),
    Shown(THERAPIST, "treatments:followup", "due", "due"),
    Shown(THERAPIST, "treatments:followup", "answered", "answered"),
    Shown(DESK, "treatments:followup", "answered", "answered"),
    Shown(DESK, "treatments:followup-close", "empty", "due"),
    Shown(DESK, "treatments:followup-close", at="due", send={"reason": ""}, **FAILED),
    Shown(THERAPIST, "treatments:followup-correct", "filled", "answered"),
    Shown(DESK, "treatments:followup-correct", at="answered", send={"hours": "-3"}, **FAILED),
    Shown(THERAPIST, "treatments:red-flag", "filled", "flagged"),
    Shown(THERAPIST, "treatments:red-flag", at="flagged", send={"action": ""}, **FAILED),
    Shown(THERAPIST, "treatments:adverse-event", "empty", "draft"),
    Shown(THERAPIST, "treatments:adverse-event", at="draft", send={"kind": "", "onset_at": NO}, **FAILED),
]
REFUSED = [
    Shown(DESK, "treatments:record", "missing", "nobody", status=404),
    Shown(DESK, "treatments:trends", "not allowed", "ada", status=403),
]
ROOMS = {
    "door": DOOR,
    "front desk": FRONT_DESK,
    "safety": SAFETY,
    "tablet": ON_THE_TABLET,
    "record": RECORD,
    "afterwards": AFTERWARDS,
    "refused": REFUSED,
}
PAGES = [shown for room in ROOMS.values() for shown in room]

# Addresses that answer with no page of their own, and why.
NO_PAGE = {
    "health": "JSON for a monitor",
    "account_inactive": "nobody inactive is let past the sign-in page",
    "account_reauthenticate": "signing asks for the password on its own page",
    "account_set_password": "closed: 404",
    "account_reset_password": "closed: 404",
    "account_signup": "closed: 404",
    "account_email": "closed: 404",
    "patients:register-matches": "a part of the page for registering",
    "patients:visit-step": "POST only, leads to the board",
    "treatments:followup-claim": "POST only, leads to the call",
    "treatments:followup-answer": "POST only; refused, it shows the call again",
}
