"""Every report has something to say of the demo, and so have the pages that show courses and work ahead."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.models import User
from patients.models import Visit
from treatments.models import AdverseEvent, Measurement, NeedleSite, Override
from treatments.rules.reports import questions
from treatments.rules.signing import readiness

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    call_command("demo", patients=30, verbosity=0)
    client = Client()
    backend = "clinic.signin.backends.RolesBackend"
    client.force_login(User.objects.with_roles().get(username="lead"), backend=backend)
    return client


def test_every_report_answers_over_the_demo_and_courses_can_be_drawn(client):
    """One demo for all: building it costs more than the questions."""
    every_report_has_an_answer(client)
    overrides_are_answered_over_several_visits()
    events_are_open_and_closed_and_fit_their_notes()
    tone_and_motion_get_better_over_the_visits(client)
    visits_are_booked_ahead()


def every_report_has_an_answer(client) -> None:
    for question in questions.QUESTIONS:
        report = answer_of(client, question)
        withheld = [note for note in report.notes if note.startswith("Withheld")]
        # no two people of the demo have one name and one birth date
        assert report.rows or withheld or question is questions.KEPT_APART, question.code
    shown = answer_of(client, questions.OVERRIDES).rows
    assert any(isinstance(cell.text, int) for row in shown for cell in row[1:]), "all is withheld"
    assert len(answer_of(client, questions.NEEDLES).rows) >= 4


def answer_of(client, question):
    url = reverse(question.url_name)
    if question is not questions.LOT:
        return client.get(url).context["report"]
    ((lot, used),) = Counter(NeedleSite.objects.exclude(lot="").values_list("lot", flat=True)).most_common(1)
    assert used > 3
    return client.post(url, {"lot": lot}).context["report"]


def overrides_are_answered_over_several_visits() -> None:
    answered = Override.objects.values_list("rule", "session__patient", "session")
    assert {rule for rule, *_ in answered} == {
        "depth-over-published",
        "needles-over-insertions",
        "opened-not-used",
        readiness.NEEDLES_DIFFER,
    }
    visits = Counter(
        patient for _, patient, _ in {(None, patient, session) for _, patient, session in answered}
    )
    assert max(visits.values()) >= 3


def events_are_open_and_closed_and_fit_their_notes() -> None:
    events = AdverseEvent.objects.standing().select_related("session")
    assert {event.severity for event in events} == {1, 2}
    assert {event.closed_at is None for event in events} == {True, False}
    assert "well" not in {event.session.tolerance for event in events}


def tone_and_motion_get_better_over_the_visits(client) -> None:
    tone = Measurement.objects.filter(kind=Measurement.Kind.TONE)
    patients = Counter(tone.values_list("session__patient__ref", flat=True))
    (ref, visits) = patients.most_common(1)[0]
    assert len(patients) >= 4
    assert visits >= 3
    measures = client.get(reverse("treatments:record", args=[ref])).context["glance"]["measures"]
    assert len(measures) == 2
    assert all(line.first != line.now for line in measures)


def visits_are_booked_ahead() -> None:
    ahead = Visit.objects.filter(booked_for__date__gt=timezone.localdate(), cancelled_at=None)
    assert ahead.count() >= 5
    assert len(set(ahead.values_list("therapist", "booked_for"))) == ahead.count()
