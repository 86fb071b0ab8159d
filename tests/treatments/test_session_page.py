"""The session page: what it shows, what it proposes, the plain Save, and what it costs."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import formats
from clinic.models import AuditEvent, BodyRegion
from tests import factories, measuring
from tests.form_client import FormClient
from tests.statements import data_statements
from treatments.models import NeedlingSession, SessionCondition
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import entry, past_visits

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 12


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


def past(draft, days, **fields):
    """A session that ended `days` before the draft."""
    at = draft.opened_at - dt.timedelta(days=days)
    visit = factories.arrived(draft.patient, draft.therapist)
    times = {"opened_at": at, "started_at": at, "ended_at": at + dt.timedelta(minutes=20)}
    shared = {
        "screening": draft.screening,
        "visit_screening": draft.visit_screening,
        "consent": draft.consent,
    }
    return NeedlingSession.objects.create(
        patient=draft.patient, visit=visit, episode=draft.episode, location=draft.location,
        therapist=draft.therapist, jurisdiction=draft.jurisdiction, opened_by=draft.therapist,
        **{**times, **shared, **fields},
    )  # fmt: skip


def treated(draft, days, before=6, after=3, **site):
    session = past(draft, days)
    kept = draft.conditions.get()
    SessionCondition.objects.create(
        session=session, patient_condition=kept.patient_condition, name=kept.name, side=kept.side,
        pain_before=before, pain_after=after,
    )  # fmt: skip
    factories.site(session, **site)
    return session


def statements(client, page):
    with data_statements() as asked:
        assert client.get(page).status_code == 200
    return asked


def test_sites_read_as_sentences(draft, client):
    factories.site(draft, "ut", "right", insertions=3, length_mm=50, depth_mm=25, twitches=2)

    page = client.get(draft.get_absolute_url()).text

    assert "<strong>Upper trapezius, right.</strong> 3 insertions, 0.30 × 50 mm to 25 mm, 2 twitches" in page


def test_opening_the_page_is_on_record(draft, client):
    client.get(draft.get_absolute_url())

    assert AuditEvent.objects.filter(code="session.read", object_ref=draft.ref).count() == 1


def test_nothing_that_must_be_answered_is_answered_beforehand(draft, client):
    treated(draft, 7)

    context = client.get(draft.get_absolute_url()).context

    form, row = context["form"], context["site_form"]
    for name in ("side", "insertions", "twitches", "depth_mm", "muscle", "pain_during"):
        assert not row[name].value()
    for name in ("needles_out", "tolerance", "note", "plan"):
        assert not form[name].value()
    assert not form[f"pain_before-{draft.conditions.get().pk}"].value()


def test_the_last_use_of_the_hand_is_proposed_but_no_depth_over_the_lung(draft):
    treated(draft, 7, muscle="rho", depth_mm=15, length_mm=30)
    treated(draft, 3, muscle="so", depth_mm=20, technique="static", dwell_seconds=480)
    habits = entry.habits(draft.patient_id, of=draft.therapist)

    offered = {row["code"]: row for row in entry.muscle_options(*habits)}

    assert (offered["rho"]["needle"], offered["rho"]["depth"]) == ("0.30x30", "")
    assert (offered["so"]["technique"], offered["so"]["dwell"], offered["so"]["depth"]) == ("static", 8, 20)
    assert offered["is"]["used"] == 0


def test_last_visits_plan_adopts_muscle_side_and_needle_only(draft, client):
    site = treated(draft, 7, muscle="ut", side="left").sites.get()

    row = client.get(draft.get_absolute_url(), {"adopt": site.pk}).context["site_form"]

    assert (row["muscle"].value(), row["side"].value(), row["needle"].value()) == (
        "Upper trapezius (UT)", "left", "0.30x40"
    )  # fmt: skip
    for name in ("insertions", "twitches", "depth_mm", "site_note"):
        assert not row[name].value()


def test_an_adopted_site_is_ticked_in_the_plan(draft, client):
    treated(draft, 7, muscle="ut", side="left")
    factories.site(draft, "ut", "left")

    plan = client.get(draft.get_absolute_url()).context["plan"]

    assert [(past["name"], past["done"]) for past in plan] == [("Upper trapezius", True)]


def test_what_helped_says_on_how_many_visits_it_rests(draft):
    for days, after in ((21, 3), (14, 4), (7, 2)):
        treated(draft, days, before=6, after=after)
    treated(draft, 3, muscle="ut", before=6, after=6)
    earlier = NeedlingSession.objects.exclude(pk=draft.pk)
    earlier.update(signed_at=draft.opened_at, signed_by=draft.therapist)
    # a begun draft is no visit
    treated(draft, 1, muscle="ut", before=6, after=0)

    whole = drafts.whole(draft.pk)

    found = past_visits.muscle_effects(whole.session, whole.conditions[0].patient_condition_id)

    effects = {one.muscle: (one.change_text, one.visits, one.is_few) for one in found}
    assert effects == {"Infraspinatus R": ("−3", 3, False), "Upper trapezius R": ("0", 1, True)}


def test_the_foot_counts_needles_and_names_the_code(draft, client):
    factories.site(draft, "is", needles=2)
    factories.site(draft, "ut", needles=1, technique="static", needle_in_at=timezone.now())
    draft.needles_out = 1
    draft.save(update_fields=["needles_out"])

    foot = client.get(draft.get_absolute_url()).context["foot"]

    assert (foot["placed"], foot["still_in"], foot["difference"], foot["missing"]) == (3, 1, 2, True)
    assert foot["proposal"].code == "20560"


def text_of(html: str) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_the_page_names_what_is_treated_and_what_its_numbers_are(draft, client):
    factories.site(draft, "is", needles=2)
    (row,) = draft.conditions.all()
    shown = text_of(client.get(draft.get_absolute_url()).text)
    assert f"Treating {row.name}, right ICD-10-CM M54.2 " in shown
    assert "CPT 20560, 1 muscle." in shown
    assert re.search(rf"Start {formats.clock(draft.started_at)}, \d+ min ", shown)


def test_a_site_is_edited_in_its_place_with_banner_map_and_counts(draft, client):
    shoulder, neck = (BodyRegion.objects.get(code=code) for code in ("b-rhom", "b-utrap"))
    first = factories.site(draft, "is", needles=2, region=shoulder)
    second = factories.site(draft, "ut", needles=1, region=neck)
    page = client.get(reverse("treatments:site-edit", args=[draft.ref, second.key]))

    assert page.context["strip"]["name"] == "EXAMPLEWOOD, Ada"
    assert page.context["foot"]["placed"] == 3
    classes = {mark["badge"]: mark["cls"] for mark in page.context["figure"]["marks"].values()}
    assert classes == {str(first.number): "on", str(second.number): "next"}
    listed = text_of(re.search(r"<ol>.*?</ol>", page.text, re.DOTALL)[0])
    assert listed.index("Infraspinatus, right.") < listed.index(f"Edit site {second.number}")
    assert "Needles placed 3, out not counted" in text_of(page.text)
    assert page.text.count('<form class="site-new"') == 1
    assert 'class="sub fig-side">Back<' in page.text


def test_a_refused_correction_keeps_the_place_and_the_counts(draft, client):
    site = factories.site(draft, "is", needles=2)
    refused = client.post(reverse("treatments:site-edit", args=[draft.ref, site.key]), {"insertions": "0"})
    assert refused.status_code == 422
    assert refused.context["foot"]["placed"] == 2
    assert refused.context["strip"]["ref"] == draft.patient.ref


def test_a_note_that_somebody_else_writes_is_read_only(draft, other_therapist, signed_in):
    page = signed_in(other_therapist).get(draft.get_absolute_url())

    assert page.status_code == 200
    assert "new-site" not in page.text


def posted(client, draft, **answers):
    context = client.get(draft.get_absolute_url()).context
    form = context["form"]
    shown = {name: form[name].field.prepare_value(form[name].value()) or "" for name in form.fields}
    ticked = {name: value for name, value in shown.items() if value is not False}
    versions = {f"v-{name}": version for name, version in context["versions"]}
    return {**ticked, **versions, "client_id": str(uuid.uuid4()), **answers}


def test_without_a_script_save_keeps_every_field(draft, client):
    pain = f"pain_before-{draft.conditions.get().pk}"
    data = posted(
        client, draft, note="All of it.", tolerance="well", **{pain: "6", "advice-drink-water": "on"}
    )

    response = client.post(draft.get_absolute_url(), data)

    assert response.url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert (draft.note, draft.tolerance) == ("All of it.", "well")
    assert draft.conditions.get().pain_before == 6
    assert draft.aftercare.get().given_at
    assert sorted(draft.events.values_list("field", flat=True)) == [
        "advice",
        "note",
        "pain_before",
        "tolerance",
    ]


def test_the_plain_save_leads_where_its_button_says(draft, client):
    sign = client.post(draft.get_absolute_url(), posted(client, draft, then="sign"))

    assert sign.url == reverse("treatments:session-sign", args=[draft.ref])


def test_a_refused_save_keeps_all_that_was_typed_and_saves_nothing(draft, client):
    data = posted(client, draft, note="Kept on the page.", needles_out="many", started_at="9:99")

    response = client.post(draft.get_absolute_url(), data)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"needles_out", "started_at"}
    assert "Kept on the page." in response.text
    assert not draft.events.exists()


def test_a_plain_save_over_a_newer_version_is_a_conflict(draft, client):
    old = posted(client, draft, note="Mine.")
    client.post(draft.get_absolute_url(), posted(client, draft, note="Theirs."))

    response = client.post(draft.get_absolute_url(), old)

    assert response.status_code == 409
    assert "Theirs." in response.text
    draft.refresh_from_db()
    assert draft.note == "Theirs."


def test_a_stranger_cannot_save(draft, other_therapist, signed_in):
    assert signed_in(other_therapist).post(draft.get_absolute_url(), {"note": "x"}).status_code == 404


def test_a_measured_line_takes_its_values_as_fields(draft, client):
    client.post(measuring.url(draft), measuring.typed())
    row = draft.measurements.get()

    names = [name for name, _ in client.get(draft.get_absolute_url()).context["versions"]]

    assert f"measure_before-{row.pk}" in names
    assert (row.unit, row.active) == ("degrees", True)


def test_the_page_costs_the_same_after_many_visits(draft, client):
    page = draft.get_absolute_url()
    statements(client, page)
    treated(draft, 1)
    few = statements(client, page)
    for days in range(2, 40):
        treated(draft, days)
    for muscle in ("ut", "so", "rho"):
        factories.site(draft, muscle)
    many = statements(client, page)

    assert len(many) == len(few)
    assert len(many) <= MOST_STATEMENTS, "\n".join(sql[:120] for sql in many)


def test_parts_come_in_one_question(draft, django_assert_num_queries):
    drafts.whole(draft.pk)

    with django_assert_num_queries(1):
        found = drafts.whole(draft.pk)

    assert len(found.conditions) == 1
    assert found.advice


def test_a_line_that_is_sent_again_without_the_script_is_one_line(client, draft):
    form = FormClient(client).open(measuring.url(draft)).form("measurement-kind")
    data = form.filled(**measuring.typed())

    for _ in range(2):
        assert client.post(measuring.url(draft), data).status_code == 302

    assert draft.measurements.count() == 1
    assert AuditEvent.objects.filter(code="session.field_saved").count() == 1
