"""Two at once: one wins, the other is told. Really at once, on whichever database the suite runs."""

import threading

import pytest
from django.db import connection, connections

from clinic import errors
from tests.treatments import notes
from treatments.actions import signing
from treatments.models import NeedlingSession, Seal

ROUNDS = 5


def at_once(*acts) -> list:
    """Run every act in a thread of its own, released together; what each returned or how it was refused."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            answers[place] = act()
        except (errors.RuleViolation, errors.StaleRecord) as refused:
            answers[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def refused(answers: list) -> list:
    return [answer for answer in answers if isinstance(answer, errors.StaleRecord)]


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_two_tabs_sign_at_once_and_one_wins(draft, therapist, round_number):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("A database in memory has one connection; the file database is drilled.")
    session = notes.ready(draft)

    def act():
        return signing.sign(session, by=therapist, proved=True, identity_checked=True)

    answers = at_once(act, act)
    assert len(refused(answers)) == 1
    assert "signed this note" in str(refused(answers)[0])
    assert Seal.objects.filter(session=session).count() == 1


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(ROUNDS))
def test_the_author_signs_while_the_lead_closes_and_one_wins(draft, therapist, lead, round_number):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("A database in memory has one connection; the file database is drilled.")
    session = notes.ready(draft)
    answers = at_once(
        lambda: signing.sign(session, by=therapist, proved=True, identity_checked=True),
        lambda: signing.close_unsigned(session, by=lead, reason="Left the practice."),
    )
    assert len(refused(answers)) == 1
    state = NeedlingSession.objects.get(pk=session.pk).state
    assert Seal.objects.filter(session=session).exists() is (state == "signed")


@pytest.mark.django_db
def test_a_conditional_update_that_comes_too_late_is_told(draft, therapist, lead, monkeypatch):
    """The same race made slow: the lead's close lands after the author's rules were asked."""
    session = notes.ready(draft)
    ask = signing.readiness.sign_reasons

    def overtaken(facts):
        NeedlingSession.objects.filter(pk=session.pk).update(
            closed_unsigned_at=session.ended_at, closed_unsigned_by=lead, close_reason="Left."
        )
        return ask(facts)

    monkeypatch.setattr(signing.readiness, "sign_reasons", overtaken)
    with pytest.raises(errors.StaleRecord) as told:
        signing.sign(session, by=therapist, proved=True, identity_checked=True)
    assert "Hana Oduya closed this draft" in str(told.value)
    assert not Seal.objects.filter(session=session).exists()
