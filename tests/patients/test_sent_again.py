"""A form that ends its own record can be posted twice with the same response, not with 404."""

import uuid

from django.urls import reverse

from clinic.models import AuditEvent
from patients.actions import conditions, restrictions
from patients.models import Condition
from tests import factories


def sent_twice(client, path: str, **typed) -> None:
    data = {**typed, "form_key": uuid.uuid4().hex}
    first, again = (client.post(path, data) for _ in range(2))

    assert (first.status_code, again.status_code) == (302, 302)
    assert first.url == again.url


def events(code: str) -> int:
    return AuditEvent.objects.filter(code=code).count()


def test_a_condition_is_resolved_once(signed_in, therapist, ada):
    (row,) = conditions.record(
        ada, by=therapist, condition=Condition.objects.get(code="knee-pain"), side="left"
    )

    path = reverse("patients:condition-resolve", args=[ada.ref, row.pk])
    sent_twice(signed_in(therapist), path, reason="no pain for a month")

    assert events("condition.resolved") == 1


def test_a_course_ends_once(signed_in, therapist, ada):
    factories.episode(ada, therapist)

    sent_twice(signed_in(therapist), reverse("patients:discharge", args=[ada.ref]), summary="Goal reached.")

    assert events("episode.discharged") == 1


def test_a_restriction_is_lifted_once(signed_in, lead, reception, ada):
    restrictions.restrict(ada, by=lead, people=[reception], reason="Works here")

    sent_twice(signed_in(lead), reverse("patients:restriction-lift", args=[ada.ref]), reason="Left us")

    assert events("restriction.lifted") == 1


def test_answers_are_reviewed_once(signed_in, therapist, ada):
    waiting = factories.screening(ada, therapist, reviewed_at=None, reviewed_by=None)

    path = reverse("patients:screening", args=[ada.ref, waiting.pk])
    sent_twice(signed_in(therapist), path, decision="proceed")

    assert events("screening.reviewed") == 1
