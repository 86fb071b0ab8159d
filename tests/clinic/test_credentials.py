"""Expiring credentials: who is reminded when, on boards and by mail, and who may enter them."""

import datetime as dt
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent, Credential, CredentialReminder, Jurisdiction, Practice, Role, User
from clinic.rules import credentials
from clinic.selectors import credentials as credentials_selectors
from tests import factories

ON = dt.date(2026, 5, 14)


@pytest.mark.parametrize(
    ("left", "days", "call"),
    [
        (61, 60, None),
        (60, 60, 60),
        (15, 60, 60),
        (14, 60, 14),
        (1, 60, 14),
        (0, 60, 0),
        (-30, 60, 0),
        (20, 10, None),
        (14, 10, 14),
        (10, 10, 10),
        (90, 90, 90),
    ],
)
def test_the_call_that_is_due_is_the_nearest_one(left, days, call):
    assert credentials.due_reminder_days(ON + dt.timedelta(days=left), on=ON, days=days) == call


def credential_that_expires_in(person: User, days: int, **fields) -> Credential:
    return factories.credential(person, expires_on=timezone.localdate() + dt.timedelta(days=days), **fields)


@pytest.fixture
def maria(db) -> User:
    """A therapist with a mail address and no license yet."""
    named = {"first_name": "Maria", "last_name": "Lund", "email": "maria@example.invalid"}
    return factories.user("maria", Role.THERAPIST, profession="pt", licensed=False, **named)


def run(capsys) -> str:
    call_command("remind_credentials")
    return capsys.readouterr().out


def test_a_licence_that_was_renewed_is_no_news(maria):
    today = timezone.localdate()
    old = credential_that_expires_in(maria, 10)
    assert [row.pk for row in credentials_selectors.expiring(on=today, days=60)] == [old.pk]
    credential_that_expires_in(maria, 700, jurisdiction=Jurisdiction.objects.get(code="us-il-pt"))
    assert [row.pk for row in credentials_selectors.expiring(on=today, days=60)] == [old.pk]
    credential_that_expires_in(maria, 710)
    assert list(credentials_selectors.expiring(on=today, days=60)) == []


def test_who_left_is_not_reminded(maria):
    credential_that_expires_in(maria, 10)
    User.objects.filter(pk=maria.pk).update(is_active=False)
    assert list(credentials_selectors.expiring(on=timezone.localdate(), days=60)) == []


def test_the_mail_names_the_credential_and_goes_out_once(maria, capsys):
    licence = credential_that_expires_in(maria, 41, number="PT-20417")

    assert "1 reminder sent." in run(capsys)
    assert "0 reminders sent." in run(capsys)

    (sent,) = mail.outbox
    assert sent.to == ["maria@example.invalid"]
    assert sent.subject == f"Your license expires on {formats.day(licence.expires_on)}"
    assert "PT-20417" in sent.body
    assert CredentialReminder.objects.get().days == 60
    event = AuditEvent.objects.get(code="credential.reminded")
    assert (event.actor, event.object_ref, event.changes) == (None, str(licence.pk), {"days": [None, 60]})


def test_the_mail_holds_nothing_of_a_patient(maria, ada, draft, capsys):
    credential_that_expires_in(maria, 10)
    run(capsys)
    (sent,) = mail.outbox
    for word in (ada.family_name, ada.given_name, ada.ref, draft.ref, ada.phone):
        assert word not in sent.subject + sent.body


def test_each_threshold_is_a_mail_of_its_own(maria, capsys):
    licence = credential_that_expires_in(maria, 41)
    run(capsys)
    Credential.objects.filter(pk=licence.pk).update(expires_on=timezone.localdate() + dt.timedelta(days=13))
    run(capsys)
    run(capsys)
    assert sorted(CredentialReminder.objects.values_list("days", flat=True)) == [14, 60]
    assert len(mail.outbox) == 2


def test_an_end_that_is_past_is_told_as_such(maria, capsys):
    credential_that_expires_in(maria, -3)
    run(capsys)
    assert "expired on" in mail.outbox[0].subject
    assert "cannot open or sign" in mail.outbox[0].body


def test_a_mail_that_fails_is_tried_again(maria, monkeypatch, capsys):
    credential_that_expires_in(maria, 10)

    def fails(*args, **kwargs):
        raise SMTPException("down")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", fails)
        with pytest.raises(CommandError, match=r"maria: .*\(SMTPException\)"):
            call_command("remind_credentials")
    assert not CredentialReminder.objects.exists()
    assert not AuditEvent.objects.filter(code="credential.reminded").exists()
    assert "1 reminder sent." in run(capsys)


@pytest.mark.parametrize(
    ("name", "said"), [("EMAIL_HOST", "No mail server is set"), ("DEFAULT_FROM_EMAIL", "No sender is set")]
)
def test_without_a_mail_server_nobody_counts_as_reminded(maria, settings, capsys, name, said):
    credential_that_expires_in(maria, 10)
    setattr(settings, name, "")

    with pytest.raises(CommandError, match=f"Not sent, (.|\n)*maria: {said}"):
        call_command("remind_credentials")

    assert "0 reminders sent." in capsys.readouterr().out
    assert not CredentialReminder.objects.exists()
    assert mail.outbox == []


def test_somebody_without_an_address_is_named(therapist, capsys):
    Credential.objects.filter(user=therapist).update(expires_on=timezone.localdate())
    assert "therapist has no email address" in run(capsys)
    assert mail.outbox == []


def board_of(client) -> str:
    return client.get(reverse("treatments:today")).text


def test_the_end_is_on_ones_own_board_and_on_leads_and_administrators(
    maria, other_therapist, lead, admin, reception, signed_in
):
    credential_that_expires_in(maria, 41, number="PT-20417")

    for person in (maria, lead, admin):
        text = board_of(signed_in(person))
        assert "License PT-20417" in text, person
        assert "In 41 days" in text
    for person in (other_therapist, reception):
        assert "PT-20417" not in board_of(signed_in(person))
    assert reverse("admin:clinic_user_change", args=[maria.pk]) in board_of(signed_in(admin))


def test_the_practice_sets_how_long_before(maria, signed_in):
    credential_that_expires_in(maria, 41)
    Practice.objects.update(credential_reminder_days=30)
    assert "Expiring credentials" not in board_of(signed_in(maria))


def form_of(person: User, **fields) -> dict:
    return {
        "username": person.username,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "is_active": "on",
        "profession": person.profession,
        **{
            f"{name}-{key}": 0
            for name in ("role_grants", "credentials")
            for key in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
        **{f"credentials-{name}": value for name, value in fields.items()},
    }


def test_nobody_enters_their_own(admin, signed_in):
    url = reverse("admin:clinic_user_change", args=[admin.pk])
    licence = {"TOTAL_FORMS": 1, "0-kind": "licence", "0-number": "PT-1", "0-user": admin.pk}

    signed_in(admin).post(url, {**form_of(admin, **licence), "profession": "pt"})

    assert not Credential.objects.filter(user=admin).exists()
    admin.refresh_from_db()
    assert admin.profession == ""


def test_a_course_with_its_regions_is_on_record(admin, therapist, signed_in):
    region = "b-infra"
    course = {
        "TOTAL_FORMS": 1,
        "0-kind": "course",
        "0-hours": 27,
        "0-issued_on": "2026-01-10",
        "0-regions": [_pk(region)],
        "0-user": therapist.pk,
    }

    signed_in(admin).post(
        reverse("admin:clinic_user_change", args=[therapist.pk]), form_of(therapist, **course)
    )

    made = Credential.objects.get(user=therapist, kind="course")
    assert (made.hours, made.recorded_by, [row.code for row in made.regions.all()]) == (27, admin, [region])
    event = AuditEvent.objects.filter(code="admin.changed", object_kind="clinic.credential").get()
    assert event.object_ref == str(made.pk)
    assert event.changes["hours"] == [None, 27]
    assert event.changes["regions"] == [None, [region]]


def _pk(code: str) -> int:
    from_catalogue = Credential.regions.field.remote_field.model
    return from_catalogue.objects.get(code=code).pk


def test_a_credential_that_ends_before_it_began_is_refused_in_words(admin, therapist, signed_in):
    wrong = {
        "TOTAL_FORMS": 1,
        "0-kind": "licence",
        "0-number": "PT-2",
        "0-issued_on": "2026-05-14",
        "0-expires_on": "2026-05-13",
        "0-user": therapist.pk,
    }

    page = signed_in(admin).post(
        reverse("admin:clinic_user_change", args=[therapist.pk]), form_of(therapist, **wrong)
    )

    assert "A credential ends after it was issued. Check both days." in page.text
    assert not Credential.objects.filter(number="PT-2").exists()


def test_a_user_who_is_lead_and_therapist_sees_each_end_once(maria, signed_in):
    both = factories.user(None, Role.LEAD, Role.THERAPIST, profession="pt", licensed=False)
    credential_that_expires_in(both, 5, number="PT-55")
    assert board_of(signed_in(both)).count("PT-55") == 1
