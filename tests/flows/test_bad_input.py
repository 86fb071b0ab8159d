"""Invalid input: an error message at the field, nothing stored, all input shown again."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from patients.models import Patient
from tests import factories
from tests.form_client import FormClient
from treatments.models import NeedleSite, SorenessReport

pytestmark = pytest.mark.django_db
# Looks and sign-ins store rows of their own, which is correct.
TRACES = {"clinic.AuditEvent", "sessions.Session"}


@pytest.fixture
def desk(signed_in, reception) -> FormClient:
    return FormClient(signed_in(reception))


@pytest.fixture
def form_client(signed_in, therapist) -> FormClient:
    return FormClient(signed_in(therapist))


def rows() -> dict[str, int]:
    """The number of rows of each table."""
    models = [model for model in apps.get_models() if model._meta.label not in TRACES]
    return {model._meta.label: model.objects.count() for model in models}


def assert_refused(form_client: FormClient, *names, field: str, to: str = "", **typed):
    """Submits a form that must be refused at `field`, with nothing stored and all input shown again."""
    before = rows()
    response = form_client.try_to_send(*names, to=to, **typed)

    assert response.status_code == 422, response.status_code
    assert rows() == before
    for name, value in typed.items():
        shown = form_client.form(*names, name, to=to).fields[name].values
        wanted = value if isinstance(value, list) else [str(value)]
        assert [text.replace("\r\n", "\n") for text in shown] == wanted, name
    return messages_at(form_client, field)


def messages_at(form_client: FormClient, field: str) -> list[str]:
    """The error messages at that field, which must be sentences and visible."""
    sentences = [str(sentence) for form in form_client.refusals() for sentence in form.get(field, [])]
    assert sentences, f"nothing is said at {field}: {form_client.refusals()}"
    for sentence in sentences:
        assert sentence[0].isupper() or sentence[0] in "“0123456789", sentence
        assert sentence.rstrip()[-1] in ".?", sentence
        assert escape(sentence) in form_client.text
    return sentences


PERSON = {"family_name": "Wrongtyped", "given_name": "Wanda", "phone": "(555) 555-0143"}


def year_after(years: int) -> str:
    day = timezone.localdate()
    return f"{day.month}/{min(day.day, 28)}/{day.year + years}"


@pytest.mark.parametrize(
    "born",
    [
        year_after(1),
        f"{timezone.localdate() + dt.timedelta(days=2):%m/%d/%Y}",
        year_after(-131),
        "2/29/2023",
        "2/29/1900",
        "13/13/1984",
        "0/0/0000",
        "yesterday",
        "-5/3/1984",
        "99999999999999999999",
        "１２/１２/１９８４x",
        "",
    ],
)
def test_a_birth_date_that_cannot_be(desk, born):
    desk.open(reverse("patients:register"))

    assert_refused(desk, "family_name", field="born", **PERSON, born=born)


@pytest.mark.parametrize(
    "name", ["family_name", "given_name", "preferred_name", "language", "city", "external_id"]
)
def test_ten_thousand_and_one_characters(desk, name):
    desk.open(reverse("patients:register"))

    assert_refused(desk, "family_name", field=name, **{**PERSON, "born": "5/3/1984", name: "x" * 10_001})


@pytest.mark.parametrize("name", ["family_name", "given_name", "phone", "born", "address"])
def test_a_character_that_no_database_keeps(desk, name):
    """A NUL character is shown again beside the error message."""
    desk.open(reverse("patients:register"))
    before = rows()

    response = desk.try_to_send("family_name", **{**PERSON, "born": "5/3/1984", name: "a\x00b"})

    assert response.status_code == 422
    messages_at(desk, name)
    assert rows() == before
    shown = {field: desk.form("family_name").fields[field].values for field in (*PERSON, "born")}
    typed = {**PERSON, "born": "5/3/1984", name: "a\x00b"}
    assert shown == {field: [typed[field]] for field in shown}


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("الزهراني", "مها"),
        ("בן־דוד", "נועה"),
        ("🙂🙃", "👩🏽‍⚕️"),
        ("O'Neil-Śliwiński", "D’Arcy"),
        ("李", "小龙"),
        ("<b>Bold</b>", '"><script>alert(1)</script>'),
        ("Ａ" * 50, "é" * 100),
    ],
)
def test_names_of_every_script_are_kept_and_shown_as_typed(desk, family, given):
    desk.open(reverse("patients:register"))

    desk.send("family_name", family_name=family, given_name=given, born="5/3/1984")

    patient = Patient.objects.get(family_name=family)
    desk.open(patient.get_absolute_url())
    assert patient.given_name == given
    assert escape(family) in desk.text
    assert "<script>alert" not in desk.text
    assert "<b>Bold" not in desk.text


SITE = {
    "muscle": "IS",
    "side": "right",
    "insertions": "3",
    "twitches": "2",
    "depth_mm": "20",
    "needle": "0.30x40",
    "technique": "in_out",
    "tissue": "trigger_point",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("insertions_more", "-1"),
        ("insertions_more", "100000000000000000000"),
        ("twitches_more", "-3"),
        ("twitches_more", "1e9"),
        ("depth_mm", "-20"),
        ("depth_mm", "99999999999999999999"),
        ("depth_mm", "41"),
        ("depth_mm", "٣٤x"),
        ("needles", "0"),
        ("needles", "-1"),
        ("dwell", "-5"),
        ("dwell", "99999"),
        ("dwell", "NaN"),
        ("gauge_mm", "-0.30"),
        ("gauge_mm", "1e400"),
        ("length_mm", "0"),
        ("pain_during", "11"),
        ("pain_during", "-1"),
        ("site_note", "x" * 10_001),
        ("lot", "x" * 61),
    ],
)
def test_a_number_that_cannot_be(form_client, draft, field, value):
    more = {"insertions_more": {"insertions": "more"}, "twitches_more": {"twitches": "more"}}
    sized = (
        {"gauge_mm": "0.30", "length_mm": "40", "needle": "other"}
        if field in {"gauge_mm", "length_mm"}
        else {}
    )
    form_client.open(draft.get_absolute_url())

    assert_refused(
        form_client, "muscle", field=field, **{**SITE, **more.get(field, {}), **sized, field: value}
    )


def test_a_site_without_a_side(form_client, draft):
    form_client.open(draft.get_absolute_url())

    assert_refused(
        form_client, "muscle", field="side", **{name: value for name, value in SITE.items() if name != "side"}
    )


def test_a_session_that_ends_before_it_starts(noon, form_client, draft):
    form_client.open(draft.get_absolute_url())
    before = rows()

    form_client.try_to_send("client_id", "note", started_at="10:00", ended_at="09:00", note="Kept?")

    assert form_client.page.status_code == 422
    assert rows() == before
    assert "ends before it starts" in messages_at(form_client, "ended_at")[0]
    shown = form_client.form("client_id", "note").fields
    assert {name: shown[name].values for name in ("note", "started_at", "ended_at")} == {
        "note": ["Kept?"],
        "started_at": ["10:00"],
        "ended_at": ["09:00"],
    }


def test_needles_that_come_out_before_they_go_in(form_client, draft):
    """The server sets both times; a clock that was set back must not prevent removing the needle."""
    site = factories.site(draft, needle_in_at=timezone.now() + dt.timedelta(minutes=9))
    out = reverse("treatments:site-needles", args=[draft.ref, site.key])

    response = form_client.client.post(
        out, {"way": "out", "client_id": uuid.uuid4(), "seq": 1, "base_version": 0}
    )

    assert response.status_code == 302
    site = NeedleSite.objects.get(pk=site.pk)
    assert site.needle_out_at == site.needle_in_at


@pytest.mark.parametrize("value", ["11", "-1", "ten", "1e1", "5.5"])
def test_pain_is_zero_to_ten_on_the_session_page(form_client, draft, value):
    form_client.open(draft.get_absolute_url())
    name = next(n for n in form_client.form("client_id", "note").fields if n.startswith("pain_before"))
    before = rows()

    form_client.try_to_send("client_id", "note", **{name: value}, note="Kept?")

    assert form_client.page.status_code == 422
    assert messages_at(form_client, name) == ["Choose a number from 0 to 10, or “Not asked”."]
    assert rows() == before
    assert form_client.form("client_id", "note").fields["note"].values == ["Kept?"]


@pytest.mark.parametrize("value", ["11", "-1", "x"])
def test_soreness_is_zero_to_ten_on_the_call(desk, draft, value):
    call = factories.followup(draft)
    desk.open(call.get_absolute_url())
    before = rows()

    desk.try_to_send("result", result="spoke", now=value, none_of_these="on", note="Kept?")

    assert desk.page.status_code == 422
    messages_at(desk, "now")
    assert rows() == before
    assert desk.form("result").fields["result"].values == ["spoke"]
    assert not SorenessReport.objects.exists()
    assert desk.form("result").fields["note"].values == ["Kept?"]


def test_a_visit_of_minus_five_minutes_and_one_of_a_year(desk, ada, therapist):
    for minutes in ("-5", "525600", "12.5", "half an hour"):
        desk.open(reverse("patients:visit-book", args=[ada.ref]))
        typed = {"booked_for": "tomorrow 9:30", "therapist": str(therapist.pk), "kind": "first"}

        assert_refused(desk, "booked_for", field="minutes", **typed, minutes=minutes)


def test_a_therapist_and_a_room_that_are_not_on_offer(desk, ada, reception):
    desk.open(reverse("patients:visit-book", args=[ada.ref]))
    before = rows()

    desk.try_to_send(
        "booked_for", booked_for="tomorrow 9:30", therapist=reception.pk, kind="first", room="9999"
    )

    assert desk.page.status_code == 422
    for field in ("therapist", "room"):
        messages_at(desk, field)
    assert rows() == before
    assert desk.form("booked_for").fields["booked_for"].values == ["tomorrow 9:30"]


@pytest.mark.parametrize("ref", ["2222222", "2222223", "ZZZZZZZ", "AAAAAAAA", "o0il1oo", "2222222222"])
def test_a_reference_that_is_not_there_or_has_a_wrong_check_character(desk, ada, ref):
    response = desk.client.get(f"/patients/{ref}/")

    assert response.status_code == 404
    assert "<h1>" in response.content.decode()


def test_a_slip_in_a_reference_never_opens_another_record(desk, ada):
    other = {"2": "3", "3": "4"}.get(ada.ref[0], "2")

    assert desk.client.get(f"/patients/{other}{ada.ref[1:]}/").status_code == 404
    assert desk.client.get(f"/patients/{ada.ref[1]}{ada.ref[0]}{ada.ref[2:]}/").status_code in {404, 200}
    assert desk.client.get(f"/patients/{ada.ref.lower()}/").status_code == 200


def test_a_form_sent_twice_makes_one_row_and_gives_one_answer(desk):
    desk.open(reverse("patients:register"))
    data = desk.form("family_name").filled(**PERSON, born="5/3/1984")

    first = desk.client.post(desk.path, data)
    second = desk.client.post(desk.path, data)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Patient.objects.filter(family_name="Wrongtyped").count() == 1


@pytest.mark.parametrize("what", ["visit", "site", "call"])
def test_other_forms_sent_twice_make_one_row_too(what, desk, form_client, draft, ada, therapist):
    call = factories.followup(draft)
    opened = {
        "visit": (desk, reverse("patients:visit-book", args=[ada.ref]), "booked_for"),
        "site": (form_client, draft.get_absolute_url(), "muscle"),
        "call": (desk, call.get_absolute_url(), "result"),
    }
    typed = {
        "visit": {"booked_for": "tomorrow 9:30", "therapist": therapist.pk, "kind": "first", "minutes": "30"},
        "site": SITE,
        "call": {"result": "spoke", "now": "3", "none_of_these": "on"},
    }
    person, address, name = opened[what]
    person.open(address)
    form = person.form(name)
    data = form.filled(**typed[what])

    first = person.client.post(form.action or person.path, data)
    made = rows()
    second = person.client.post(form.action or person.path, data)

    assert (first.status_code, second.status_code) in {(302, 302), (302, 409)}
    assert rows() == made
    assert {"visit": ada.visits.count() == 2, "site": draft.sites.count() == 1,
            "call": SorenessReport.objects.count() == 1}[what]  # fmt: skip


def test_a_form_of_an_ended_sign_in_waits_on_the_page_and_goes_through(desk, reception):
    desk.open(reverse("patients:register"))
    data = desk.form("family_name").filled(**PERSON, born="5/3/1984")
    desk.client.logout()

    desk.page = desk.client.post(desk.path, data)
    assert desk.page.status_code == 401
    assert not Patient.objects.filter(family_name="Wrongtyped").exists()
    waiting = desk.form("family_name")
    desk.client.force_login(reception)
    answered = desk.client.post(waiting.action, waiting.filled())

    assert answered.status_code == 302
    assert Patient.objects.get(family_name="Wrongtyped").phone == PERSON["phone"]
