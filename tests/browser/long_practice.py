"""Makes everything long that can be long: names without a space, risks, medicines, sites."""

from clinic.models import Location, Practice, Room, User
from patients.actions import alerts
from patients.models import Allergy, Coverage, Medication, Patient, RelatedPerson
from tests import factories
from treatments.models import Muscle, NeedlingSession

LONG = "Wolfeschlegelsteinhausenbergerdorff"
NAME = (LONG * 3)[:100]
WORDS = f"{NAME} {NAME}"[:120]
SITES, RISKS = 20, 5


def lengthen(practice) -> None:
    """`practice` is that of the page tests."""
    desk = practice.people["reception"]
    Patient.objects.update(family_name=NAME, given_name=NAME, preferred_name=NAME, pronouns=NAME[:40])
    User.objects.update(first_name=NAME, last_name=NAME)
    Location.objects.update(name=WORDS)
    Room.objects.update(name=NAME[:40])
    Practice.objects.update(name=WORDS)
    for ref in (practice.places[place][0] for place in ("ada", "nell")):
        patient = Patient.objects.get(ref=ref)
        for number in range(RISKS):
            name = f"{NAME[:117]}{number}"
            alerts.add(Medication, patient, by=desk, name=name, dose=NAME, thins_blood=True)
            alerts.add(Allergy, patient, by=desk, substance=name, reaction=NAME)
        alerts.add(RelatedPerson, patient, by=desk, kind="guardian", name=WORDS, phone="5550142290")
        alerts.add(Coverage, patient, by=desk, kind="medicare", payer=WORDS)
    for place in ("draft", "ready"):
        fill(NeedlingSession.objects.get(ref=practice.places[place][0]))


def fill(session: NeedlingSession) -> None:
    """Many sites, needles that differ in number, and rules that ask for a reason."""
    for muscle in Muscle.objects.order_by("-name")[:SITES]:
        factories.site(session, muscle.code, technique="static", length_mm=50, depth_mm=45, insertions=12)
    NeedlingSession.objects.filter(pk=session.pk).update(needles_out=3, note=NAME, plan=WORDS)
