"""A practice in each of the 50 states and the District: which sessions open, and with which reasons.

Typed from the sources that docs/states.md and the page of state rules name, not read from the catalogue.
"""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import Jurisdiction, Practice
from tests import factories
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class State:
    """`training`: credentials that are just enough, {kind: hours, sessions, or 0 for an examination}."""

    says: frozenset[str] = frozenset()
    training: tuple[tuple[str, int], ...] = ()
    months: int = 0
    closed: bool = False


def state(*says, months=0, closed=False, **training) -> State:
    return State(frozenset(says), tuple(training.items()), months, closed)


OPEN = state()
SILENT = state("state-silent")
BARRED = state(closed=True)
# source: the statute or rule named beside each; where none is, the lists of January 2026 (pphc.co/resources)
STATES = {
    "al": OPEN, "ak": OPEN, "ar": OPEN, "dc": OPEN, "id": OPEN, "ia": OPEN, "ky": OPEN, "me": OPEN,
    "ms": OPEN, "ne": OPEN, "nh": OPEN, "nm": OPEN, "nc": OPEN, "nd": OPEN, "oh": OPEN, "ri": OPEN,
    "sc": OPEN, "tx": OPEN, "vt": OPEN, "wv": OPEN, "wi": OPEN, "wy": OPEN,
    "ct": SILENT, "ma": SILENT, "mi": SILENT, "mn": SILENT, "mo": SILENT, "ok": SILENT, "pa": SILENT,
    "ca": BARRED, "hi": BARRED, "ny": BARRED,
    # HB 3824 of 2025: not before the board's rules
    "or": BARRED,
    # R4-24-313
    "az": state(hours=24),
    # 4 CCR 732-1, which gives the patient a copy of the consent
    "co": state("copy-missing", hours=50),
    # 24 Del. Admin. Code 2600-15.4
    "de": state(hours=54, months=24),
    # s. 486.117 F.S.
    "fl": state(hours=50, supervised=25, months=24),
    # Rule 490-9-.05, and the practice's own caution
    "ga": state("referral-advised", hours=50),
    # 225 ILCS 90/1.5, and the practice's own caution; 90/1.2 (b): the doctor is told of direct access
    "il": state("referral-advised", "direct-access-notice", hours=50, didactic=30, course=54, supervised=200),
    # LSA Document 22-353(F)
    "in": state(hours=50),
    # K.A.R. 100-29-18
    "ks": state(exam=0),
    # LAC 46:LIV, and the medical board's note
    "la": state("referral-advised", hours=50, months=24),
    # COMAR 10.38.12
    "md": state(didactic=40, course=40, months=24),
    # Mont. Admin. R. 24.177.413
    "mt": state(exam=0),
    # LCB File R054-19
    "nv": state(hours=150, exam=0),
    # N.J.S.A. 45:9-37.34j; 34k: a copy of the consent, and the training of the therapist
    "nj": state("copy-missing", "training-untold", didactic=40, months=24),
    # ARSD 20:66:04:02
    "sd": state(exam=0),
    # Rule 1150-01-.22: a document for whoever is new to needling
    "tn": state("document-missing", hours=50, course=24, months=12),
    # R156-24b-505
    "ut": state(hours=300, supervised=250, months=24),
    # 18VAC112-20-121, final
    "va": state(exam=0),
    # RCW 18.74.200, WAC 246-915-390
    "wa": state(didactic=100, course=225, months=12),
}  # fmt: skip
TRAINED = [abbr for abbr, found in STATES.items() if found.training]
NEW = [abbr for abbr, found in STATES.items() if found.months]


@pytest.fixture
def ready(ada, therapist):
    return factories.ready_for_session(ada, therapist)


@pytest.fixture
def opened(ready, ada, therapist, signed_in):
    """The codes of everything that the page said when the form was sent, in that state."""

    def send(abbr: str) -> set[str]:
        Practice.objects.update(jurisdiction=Jurisdiction.objects.get(code=f"us-{abbr}-pt"))
        url = reverse("treatments:session-open", args=[ada.ref])
        client = signed_in(therapist)
        page = client.get(url).context
        client.post(url, {"conditions": [ready.pk], "access": "direct", "consent_confirmed": "on"})
        return {reason.code for reason in [*page["stops"], *page["cautions"]]}

    return send


def train(person, found: State, *, less: str = "") -> None:
    """Just enough of everything; of `less` one hour or session too few, or none."""
    for kind, number in found.training:
        many = number - (kind == less)
        if kind == "supervised":
            factories.credential(person, kind, sessions=many)
        elif kind != "exam":
            factories.credential(person, kind, hours=many)
        elif less != kind:
            factories.credential(person, kind)


def test_all_fifty_states_and_the_district_are_there():
    codes = Jurisdiction.objects.current().exclude(code="general").values_list("code", flat=True)

    assert set(codes) == {f"us-{abbr}-pt" for abbr in STATES}
    assert len(STATES) == 51


@pytest.mark.parametrize("abbr", STATES)
def test_somebody_with_just_the_training_opens_a_session_where_the_state_lets_them(abbr, opened, therapist):
    found = STATES[abbr]
    train(therapist, found)

    codes = opened(abbr)

    assert codes == (found.says | {"not-allowed-here"} if found.closed else found.says)
    assert NeedlingSession.objects.exists() is not found.closed


@pytest.mark.parametrize(
    ("abbr", "less"), [(abbr, kind) for abbr in TRAINED for kind, _number in STATES[abbr].training]
)
def test_somebody_with_one_hour_or_session_less_opens_none(abbr, less, opened, therapist):
    train(therapist, STATES[abbr], less=less)

    codes = opened(abbr)

    # what is earned under supervision asks for the supervisor
    supervised = "supervisor-missing" if dict(STATES[abbr].training).get("supervised") else "exam-missing"
    missing = {"supervised": supervised, "exam": supervised}.get(less, "hours-short")
    assert codes - STATES[abbr].says == {missing}
    assert not NeedlingSession.objects.exists()


@pytest.mark.parametrize("abbr", NEW)
def test_a_license_that_is_a_month_too_new_opens_none(abbr, opened, therapist):
    train(therapist, STATES[abbr])
    days = (STATES[abbr].months - 1) * 30
    therapist.credentials.filter(kind="licence").update(
        issued_on=timezone.localdate() - dt.timedelta(days=days)
    )

    assert opened(abbr) - STATES[abbr].says == {"licence-too-new"}
    assert not NeedlingSession.objects.exists()
