"""Registering a patient: what is stored, what is refused at its field, and possible matches."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.forms.base import NOT_OFFERED
from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from patients.actions import patients
from patients.models import Patient
from patients.selectors.identity import possible_matches
from tests import factories

REGISTER = "/patients/register/"
BEN = {"family_name": "Fictaford", "given_name": "Ben", "born": "3/5/84", "phone": "555 014 6631"}


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def post_registration(client, **changes):
    return client.post(REGISTER, {**BEN, "form_key": "0" * 31 + "1", **changes})


def test_a_patient_is_registered_and_the_desk_goes_on_to_book(desk, reception):
    response = post_registration(desk)

    ben = Patient.objects.get()
    assert response.headers["Location"] == reverse("patients:visit-book", args=[ben.ref])
    assert (ben.listed_name, ben.born) == ("Fictaford, Ben", dt.date(1984, 3, 5))
    assert (ben.phone, ben.phone_key) == ("555 014 6631", "+15550146631")
    assert ben.registered_by == reception
    assert AuditEvent.objects.filter(code="patient.registered", patient_ref=ben.ref).count() == 1


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [("book", "patients:visit-book"), ("start", "patients:visit-start"), ("record", "treatments:record")],
)
def test_the_button_decides_where_it_goes(desk, button, leads_to):
    response = post_registration(desk, next=button)
    assert response.headers["Location"] == reverse(leads_to, args=[Patient.objects.get().ref])


def test_a_form_posted_twice_registers_once(desk):
    first, second = post_registration(desk), post_registration(desk)
    assert Patient.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("born", "5/3/2048", "in the future"),
        ("born", "5/3/1884", "more than 130 years ago"),
        ("born", "2/29/2023", "There is no February 29 in 2023."),
        ("born", "spring", "Write the date"),
        ("born", "", "Enter the birth date"),
        ("phone", "555 014 663", "9 digits found, 10 needed"),
        ("phone", "555 014 6631 77", "12 digits found, 10 needed"),
        ("family_name", "x" * 10_001, "10001 characters are too many"),
        ("family_name", "Fict\0aford", "cannot be stored"),
        ("born", "5/3/\0 1984", "cannot be stored"),
        ("email", "nobody", "not a whole email address"),
        ("state", "Zz", "two letters"),
        ("address", "x" * 10_001, "too many"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field_and_nothing_is_saved(desk, field, typed, message):
    response = post_registration(desk, **{field: typed})

    assert response.status_code == 422
    assert message in " ".join(response.context["form"].errors[field])
    assert not Patient.objects.exists()
    page = response.content.decode()
    assert "555 014 6631" in page or field == "phone"
    assert "Error: New patient" in page


def test_everything_typed_is_still_there_after_a_refusal(desk):
    response = post_registration(desk, born="5/3/2048", preferred_name="Benny", city="Springfield")
    form = response.context["form"]
    assert form["born"].value() == "5/3/2048"
    assert (form["preferred_name"].value(), form["city"].value()) == ("Benny", "Springfield")


def test_one_name_is_needed_and_one_is_enough(desk):
    refused = post_registration(desk, family_name=" ", given_name="")
    assert "family_name" in refused.context["form"].errors
    post_registration(desk, family_name="", given_name="Madonna", form_key="0" * 31 + "2")
    assert Patient.objects.get().listed_name == "Madonna"


@pytest.mark.parametrize(
    "name", ["राम शर्मा", "مريم العلي", "שרה כהן", "李小龍", "Zoë 😀", "😀", "O’Brien-Ñandú", "ﬁctional"]
)
def test_names_of_every_script_are_kept_and_found(desk, name):
    post_registration(desk, family_name=name)
    person = Patient.objects.get()
    assert person.family_name == name
    found = desk.post("/patients/", {"q": name})
    assert [row.ref for row in found.context["rows"]] == [person.ref]


def test_a_possible_match_is_shown_once_and_never_blocks(desk, reception):
    existing = factories.patient(
        reception, family_name="Fictaford", given_name="Benjamin", born=dt.date(1984, 3, 6), phone=""
    )
    shown = post_registration(desk)
    assert shown.status_code == 200
    assert Patient.objects.count() == 1
    assert [match["row"].ref for match in shown.context["matches"]] == [existing.ref]
    assert (
        "Same last name, another form of the first name, nearly the same birth date" in shown.content.decode()
    )

    post_registration(desk, seen=existing.ref)
    assert Patient.objects.count() == 2


def test_an_exact_match_asks_for_a_reason_which_the_audit_keeps(desk, reception):
    existing = factories.patient(
        reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5), phone=""
    )
    assert "How do you know that this is somebody else?" in post_registration(desk).content.decode()

    refused = post_registration(desk, seen=existing.ref)
    assert refused.status_code == 422
    assert refused.context["form"].has_error("apart_reason", "same-person")
    assert refused.context["form"]["family_name"].value() == "Fictaford"
    assert Patient.objects.get() == existing

    post_registration(desk, seen=existing.ref, apart_reason="Cousin, showed a license")
    new = Patient.objects.exclude(pk=existing.pk).get()
    event = AuditEvent.objects.get(code="patient.kept_apart")
    assert (event.patient_ref, event.reason) == (new.ref, "Cousin, showed a license")
    assert event.changes == {"kept_apart_from": ["", existing.ref]}


def test_a_namesake_with_another_birth_date_is_shown_too(desk, reception):
    factories.patient(
        reception, family_name="Fictaford", given_name="Ben", born=dt.date(1960, 1, 1), phone=""
    )
    assert post_registration(desk).context["matches"][0]["why"] == "Same name"


def test_matches_are_asked_while_the_form_is_filled_and_save_nothing(desk, reception):
    existing = factories.patient(
        reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5)
    )
    answer = desk.post("/patients/register/matches/", {"family_name": "Fictaford", "born": "3/5/84"})
    assert existing.ref in answer.content.decode()
    assert Patient.objects.count() == 1


def test_a_restricted_match_says_only_that_it_is_one(desk, reception, lead):
    from_then = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    factories.patient(
        reception,
        family_name="Fictaford",
        given_name="Ben",
        born=dt.date(1984, 3, 5),
        restricted_at=from_then,
        restricted_by=lead,
    )
    page = post_registration(desk).content.decode()
    assert "Restricted record" in page
    assert "Mar 5, 1984" not in page


def test_a_guardian_is_asked_for_under_eighteen(desk):
    response = desk.post(REGISTER, {**BEN, "born": "3/5/2015"}, follow=True)
    assert "a parent or guardian consents" in response.content.decode()


def test_details_change_and_the_patient_is_found_under_the_new_name(desk, ada, reception):
    patients.change(ada, by=reception, family_name="Neuwald", phone="(555) 555-0199")
    assert [row.ref for row in desk.post("/patients/", {"q": "neuwald"}).context["rows"]] == [ada.ref]
    [former] = desk.post("/patients/", {"q": "examplewood"}).context["rows"]
    assert (former.ref, former.why) == (ada.ref, "Former name")
    event = AuditEvent.objects.get(code="patient.changed")
    assert event.changes["family_name"] == ["Examplewood", "Neuwald"]
    assert "0199" not in str(event.changes)


def test_a_colleagues_change_is_not_overwritten(desk, ada, reception):
    url = f"/patients/{ada.ref}/edit/"
    seen = desk.get(url).context["seen"]
    typed = {
        "family_name": "Examplewood",
        "given_name": "Ada",
        "born": "7/9/1985",
        "phone": ada.phone,
        "may_call": "on",
    }
    patients.change(ada, by=reception, city="Springfield", preferred_name="Addy")

    # other fields merge: a field that this form did not change keeps the colleague's value
    assert desk.post(url, {**typed, "seen": seen, "language": "Norwegian"}).status_code == 302
    ada.refresh_from_db()
    assert (ada.city, ada.language, ada.preferred_name) == ("Springfield", "Norwegian", "Addy")

    # the same field is a conflict
    refused = desk.post(url, {**typed, "seen": seen, "preferred_name": "Adele"})
    assert refused.status_code == 409
    assert "Addy" in refused.content.decode()
    ada.refresh_from_db()
    assert ada.preferred_name == "Addy"


def test_details_that_become_somebody_elses_ask_as_registering_does(desk, ada, reception):
    existing = factories.patient(
        reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5), phone=""
    )
    url = f"/patients/{ada.ref}/edit/"
    typed = {"family_name": "Fictaford", "given_name": "Ben", "born": "3/5/1984", "phone": ada.phone}
    sent = {**typed, "seen": desk.get(url).context["seen"]}

    shown = desk.post(url, sent)
    assert [match["row"].ref for match in shown.context["matches"]] == [existing.ref]
    assert desk.post(url, {**sent, "shown": existing.ref}).status_code == 422
    ada.refresh_from_db()
    assert ada.family_name == "Examplewood"

    assert (
        desk.post(url, {**sent, "shown": existing.ref, "apart_reason": "Changed her name"}).status_code == 302
    )
    assert AuditEvent.objects.get(code="patient.kept_apart").patient_ref == ada.ref


def test_a_change_of_the_phone_alone_asks_nothing(desk, ada, reception):
    factories.patient(reception, family_name="Examplewood", given_name="Ada", born=ada.born, phone="")
    url = f"/patients/{ada.ref}/edit/"
    typed = {"family_name": "Examplewood", "given_name": "Ada", "born": "7/9/1985", "phone": "(555) 555-0188"}

    assert desk.post(url, {**typed, "seen": desk.get(url).context["seen"]}).status_code == 302


def test_who_may_not_register_is_refused(lead, signed_in):
    assert post_registration(signed_in(lead)).status_code == 403
    assert not Patient.objects.exists()


def test_a_person_whom_another_desk_registered_meanwhile_is_shown(desk, reception):
    """The page found no match, but a colleague registered the patient before it was saved."""
    existing = factories.patient(
        reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5)
    )

    with pytest.raises(RuleViolation) as refused:
        patients.register(
            by=reception,
            shown_matches=set(),
            family_name="Fictaford",
            given_name="Ben",
            born=existing.born,
            phone="",
        )

    assert refused.value.codes == {"just-registered"}
    assert Patient.objects.get() == existing


@pytest.mark.parametrize(("born", "weighed"), [("7/9/51", 1), ("3/5/84", 2)])
def test_whoever_is_nobody_else_is_weighed_once(desk, reception, monkeypatch, born, weighed):
    """Under the lock; for the page again, where that found somebody."""
    factories.patient(reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5))
    weigh, calls = possible_matches.candidates, []
    monkeypatch.setattr(
        possible_matches, "candidates", lambda *args, **kwargs: calls.append(1) or weigh(*args, **kwargs)
    )

    answer = post_registration(desk, born=born, phone="", given_name="Ben" if weighed == 2 else "Zoltan")

    assert (len(calls), answer.status_code) == (weighed, 302 if weighed == 1 else 200)


def test_a_match_that_is_asked_about_is_no_error(desk, reception):
    factories.patient(reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5))

    asked = post_registration(desk)

    assert (asked.status_code, asked.context["form"].errors) == (200, {})
    assert Patient.objects.count() == 1


def test_possible_matches_that_were_shown_are_a_search_in_the_audit(desk, reception):
    factories.patient(reception, family_name="Fictaford", given_name="Ben", born=dt.date(1984, 3, 5))

    desk.post("/patients/register/matches/", {"family_name": "Fictaford", "born": "3/5/84"})

    event = AuditEvent.objects.get(code="patient.found")
    assert "fictaford" not in f"{event.changes}{event.reason}{event.object_ref}".lower()


def test_a_choice_that_is_gone_is_said_in_our_words(desk):
    refused = post_registration(desk, sex="unheard-of")

    assert refused.context["form"].errors["sex"] == [NOT_OFFERED]
