"""The printed chart of the longest record: every signed text and paper is on it, compared with the seals."""

import json
import re
import unicodedata

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from clinic.models import Practice, User
from patients.actions import consents, screenings
from patients.models import Consent, Patient, QuestionWording, Screening, ScreeningItem
from patients.rules import screenings as screening_rules
from patients.rules.screenings import GivenAnswer
from tests.browser import sheets
from treatments.actions.record import amendments
from treatments.actions.signing import after_signing
from treatments.models import CoSignature, NeedlingSession, Seal

DETAIL = "Since the fall from a ladder in May, worse on stairs."
OWN = "I signed in front of my sister, who read it to me."


@pytest.fixture
def demo():
    call_command("demo", patients=25, seed="paper", verbosity=0)


def longest() -> Patient:
    signed = NeedlingSession.objects.signed().values("patient").annotate(n=Count("pk"))
    return Patient.objects.get(pk=signed.order_by("-n", "patient").values_list("patient", flat=True)[0])


def add_what_comes_later(patient: Patient) -> None:
    """Beneath the notes, and newer health questions and consents: what the chart left out."""
    notes = list(NeedlingSession.objects.signed().filter(patient=patient, error_mark=None).order_by("pk"))
    by, reception = notes[0].therapist, User.objects.get(username="reception")
    after_signing.addend(notes[0], by=by, kind="addendum", reason="Forgotten", text="It went 18 mm deep.")
    asked = {"kind": "patient_request", "reason": "Asked on the phone", "text": "The pain began in March."}
    request = after_signing.addend(notes[1], by=by, **asked)
    amendments.answer(request, by=by, accepted=False, text="March is what the note says.")
    after_signing.mark_error(notes[2], by=by, reason="Written twice.")
    take_health_questions_again(patient, by)
    given = {"regions": ["back"], "signer": "patient", "signer_name": patient.spoken_name, "signer_note": OWN}
    paper = {"paper_on": timezone.localdate(), "paper_place": "Cabinet A", "therapist": by}
    withdrawn = consents.record_paper(patient, by=reception, **paper, **given)
    consents.withdraw(withdrawn, by=by, reason="Moves to another town.")
    consents.refuse(patient, by=by, reason="Wants massage alone.")


def take_health_questions_again(patient: Patient, by: User) -> None:
    items = ScreeningItem.objects.current().filter(kind="intake")
    words = {item.code: "no" if item.concern_answer == "yes" else "yes" for item in items}
    given = {code: GivenAnswer(word) for code, word in words.items()}
    detailed = next(item for item in items if item.asks_detail and not item.asks_regions)
    given[detailed.code] = GivenAnswer(detailed.concern_answer, DETAIL)
    taken = screenings.take(
        patient, by=by, kind="intake", source=Screening.Source.STAFF, answers=given, is_whole=True
    )
    screenings.review(taken, by=by, decision="defer", reason="Wait for the letter of the surgeon.")


def sealed_texts(patient: Patient) -> list[str]:
    """Every sentence of every seal, who signed it, its reasons and its digest."""
    found = []
    for seal in Seal.objects.filter(session__patient=patient):
        text = json.loads(seal.text)
        found += [f"{site['head']} {site['tail']}" for site in text["said"]["sites"]]
        found += [*text["said"]["session"], text["signer"]["name"], seal.digest]
        found += [override["reason"] for override in text["locked"]["overrides"]]
    return found


def later_texts(patient: Patient) -> list[str]:
    """What was added beneath the notes: addenda, answers, error marks, co-signatures."""
    found = []
    for note in NeedlingSession.objects.signed().filter(patient=patient):
        for addendum in note.addenda.all():
            answer = getattr(addendum, "answer", None)
            found += [addendum.reason, addendum.text, answer.text if answer else ""]
        found.append(note.error_mark.reason if hasattr(note, "error_mark") else "")
        found.append(note.cosignature.statement if hasattr(note, "cosignature") else "")
    return found


def answered_texts(patient: Patient) -> list[str]:
    """Every question of every set of answers as it was asked, with its answer; and the review."""
    words = {(row.code, row.version): row.text for row in QuestionWording.objects.filter(catalogue="health")}
    found = []
    for screening in Screening.objects.filter(patient=patient):
        for answer in screening_rules.answered(screening):
            label = Screening.Answer(answer.answer).label
            detail = f": {answer.detail}" if answer.detail else ""
            found.append(f"{words[answer.code, answer.version]} {label}{detail}")
        found.append(screening.reason)
    return found


def consent_texts(patient: Patient) -> list[str]:
    found = []
    for consent in Consent.objects.filter(patient=patient):
        withdrawal = getattr(consent, "withdrawal", None)
        found += [*consent.statements, consent.signer_name, consent.signer_note, consent.refused_reason]
        found += [withdrawal.reason if withdrawal else "", consent.text_digest]
        found += consent.text.body.split("\n\n") if consent.text else []
    return found


def chart_of(patient: Patient, open_page) -> list[sheets.Sheet]:
    page = open_page(user=User.objects.get(username="lead"))
    return sheets.printed(page, reverse("treatments:record-print", args=[patient.ref]))


def squeezed(text: str) -> str:
    """Lines break where the paper ends, and fi is one letter of a font: texts are compared without either."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def body_of(printed: list[sheets.Sheet]) -> str:
    """The sheets one after the other, without their heads: each ends with the name of the practice."""
    name = squeezed(Practice.objects.get().name)
    return "".join(squeezed(sheet.text).partition(name)[2] for sheet in printed)


def test_the_longest_record_is_printed_with_every_signed_text_and_paper(demo, open_page):
    patient = longest()
    add_what_comes_later(patient)
    printed = chart_of(patient, open_page)
    text = body_of(printed)

    assert len(sealed_texts(patient)) > 50
    expected = [
        *sealed_texts(patient),
        *later_texts(patient),
        *answered_texts(patient),
        *consent_texts(patient),
        DETAIL,
        OWN,
    ]
    assert [said for said in expected if squeezed(said) not in text] == []

    assert [n for n, sheet in enumerate(printed) if not sheets.names_the_patient(sheet.text, patient)] == []
    pages = [f"Page {n} of {len(printed)}" in sheet.text for n, sheet in enumerate(printed, start=1)]
    assert len(printed) > 5
    assert all(pages)
    assert [n for n, sheet in enumerate(printed[:-1]) if sheet.fullness < sheets.A_THIRD] == []


def test_a_chart_with_co_signed_notes_names_who_co_signed(demo, open_page):
    made = CoSignature.objects.select_related("session__patient").first()
    printed = chart_of(made.session.patient, open_page)
    text = body_of(printed)
    assert squeezed(made.signed_by_name) in text.partition("Co-signed")[2]
    expected = [*sealed_texts(made.session.patient), *later_texts(made.session.patient)]
    assert [said for said in expected if squeezed(said) not in text] == []
