"""The history of a draft shows every change, and the newest of each field can be undone."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation, StaleRecord
from tests import factories
from treatments.actions.session import fields, measurements, undo
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import entry as site_entry
from treatments.models import AftercareAdvice, DraftEvent, Muscle, NeedlingSession

CLIENT = uuid.uuid4()


@pytest.fixture
def draft(ada, therapist):
    session = factories.session(ada, therapist)
    factories.session_condition(session)
    return session


@pytest.fixture
def write(draft, therapist):
    """write(field, value) -> the number of the change"""
    sent = iter(range(1, 99))

    def keep(field, value):
        same = DraftEvent.objects.filter(session=draft, field=field.partition("-")[0])
        newest = same.order_by("-pk").first()
        stamp = Stamp(CLIENT, next(sent), newest.pk if newest else 0)
        return fields.save_field(draft, by=therapist, field=field, value=value, stamp=stamp).version

    return keep


@pytest.fixture
def site(draft, therapist):
    return add_site(draft, therapist)


def add_site(draft, therapist, **values):
    defaults = {"muscle": Muscle.objects.get(code="is"), "side": "right", "technique": "in_out",
            "tissue": "muscle", "gauge_mm": Decimal("0.30"), "length_mm": 40, "depth_mm": 20, "needles": 1,
            "insertions": 2, "twitches": 1}  # fmt: skip
    [added] = site_entry.add(draft, by=therapist, key=uuid.uuid4(), **{**defaults, **values})
    return added.site


def last(draft, **about):
    return DraftEvent.objects.filter(session=draft, **about).order_by("-pk").first().pk


def post_undo(draft, change):
    undo.take_back(draft, by=draft.therapist, change=change)
    return NeedlingSession.objects.get(pk=draft.pk)


def pain(draft):
    row = draft.conditions.get()
    return row.pain_before, row.not_asked_before


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("note", "Slept well", "Slept badly"),
        ("needles_out", 3, 4),
        ("tolerance", "well", "sore"),
        ("next_visit_on", timezone.localdate() + dt.timedelta(days=7), None),
        ("started_at", timezone.now().replace(second=0, microsecond=0), None),
    ],
)
def test_a_field_goes_back_to_what_stood_before(draft, write, field, first, second):
    write(field, first)
    change = write(field, second)

    assert getattr(post_undo(draft, change), field) == first
    assert AuditEvent.objects.order_by("-seq").first().code == "session.field_saved"


def test_the_first_change_goes_back_to_nothing(draft, write):
    change = write("needles_out", 3)

    after = post_undo(draft, change)

    assert (after.needles_out, after.needles_counted_at) == (None, None)


def test_taking_back_can_be_taken_back(draft, write):
    write("note", "One")
    post_undo(draft, write("note", "Two"))

    assert post_undo(draft, last(draft, field="note")).note == "Two"


def test_pain_that_was_not_asked_is_not_asked_again(draft, write):
    name = f"pain_before-{draft.conditions.get().pk}"
    write(name, "not-asked")
    change = write(name, 6)

    post_undo(draft, change)

    assert pain(draft) == (None, "Not asked")


def test_an_advice_is_unticked(draft, write):
    code = AftercareAdvice.objects.current().first().code
    change = write(f"advice-{code}", True)

    post_undo(draft, change)

    assert draft.aftercare.get().given_at is None


def test_an_added_site_is_removed_and_stands_as_removed(draft, site):
    post_undo(draft, last(draft, field="site"))

    site.refresh_from_db()
    assert site.struck_at is not None
    post_undo(draft, last(draft, field="site_struck"))
    site.refresh_from_db()
    assert site.struck_at is None


def test_a_changed_site_is_as_it_was(draft, therapist, site):
    ut = Muscle.objects.get(code="ut")
    stamp = Stamp(CLIENT, 1, last(draft, field="site"))
    site_correction.change(
        draft, by=therapist, key=site.key, stamp=stamp, muscle=ut, depth_mm=12, side="left"
    )

    post_undo(draft, last(draft, field="site"))

    site.refresh_from_db()
    assert (site.muscle.code, site.depth_mm, site.side, site.gauge_mm) == ("is", 20, "right", site.gauge_mm)


def test_needles_that_went_in_after_a_correction_stay_in_when_it_is_taken_back(draft, therapist, site):
    """The correction did not know of the needle; undoing it must not hide one that is in."""
    stamp = Stamp(base_version=last(draft, field="site"))
    site_correction.change(draft, by=therapist, key=site.key, stamp=stamp, insertions=4)
    site_correction.note_needles(draft, by=therapist, key=site.key, way="in")

    post_undo(draft, last(draft, field="site"))

    site.refresh_from_db()
    assert (site.insertions, site.needle_in_at is None) == (2, False)
    assert draft.sites.with_needles_in().count() == 1


def test_needles_noted_out_by_mistake_are_in_again(draft, therapist, site):
    site_correction.note_needles(draft, by=therapist, key=site.key, way="in")
    site_correction.note_needles(draft, by=therapist, key=site.key, way="out")
    with pytest.raises(RuleViolation) as refused:
        post_undo(draft, last(draft, field="needle_in_at"))
    assert refused.value.codes == {"out-stands"}

    post_undo(draft, last(draft, field="needle_out_at"))

    site.refresh_from_db()
    assert site.needle_in_at is not None
    assert site.needle_out_at is None


def test_a_measured_line_goes_and_comes_back(draft, therapist):
    row = measurements.add(draft, by=therapist, kind="rom", joint="Shoulder", side="left")
    post_undo(draft, last(draft, field="measurement"))
    row.refresh_from_db()
    assert row.struck_at is not None

    post_undo(draft, last(draft, field="measurement_struck"))

    row.refresh_from_db()
    assert row.struck_at is None


def test_an_older_change_is_not_taken_back_under_a_newer_one(draft, write):
    older = write("note", "One")
    write("note", "Two")

    with pytest.raises(StaleRecord):
        post_undo(draft, older)
    assert NeedlingSession.objects.get(pk=draft.pk).note == "Two"


def test_a_change_of_another_draft_is_not_there(draft, write, other_therapist):
    change = write("note", "One")
    other = factories.session(factories.patient(other_therapist), other_therapist)

    with pytest.raises(RuleViolation) as refused:
        undo.take_back(other, by=other_therapist, change=change)
    assert refused.value.codes == {"change-missing"}


def url(draft):
    return reverse("treatments:session-changes", args=[draft.ref])


def test_the_page_says_each_change_in_words(draft, write, site, signed_in, therapist):
    write(f"pain_before-{draft.conditions.get().pk}", 6)
    write("note", "Slept well")
    write("note", "Slept badly")

    page = signed_in(therapist).get(url(draft)).content.decode()

    assert "Slept well, now Slept badly" in page
    assert "Site 1, right: added" in page
    assert "Infraspinatus" in page
    assert f"Pain before, {draft.conditions.get().name}" in page
    assert "Origins" not in page
    assert AuditEvent.objects.order_by("-seq").first().code == "session.changes_read"


def test_only_the_newest_change_of_a_thing_has_a_button(draft, write, signed_in, therapist):
    write("note", "One")
    change = write("note", "Two")

    lines = signed_in(therapist).get(url(draft)).context["lines"]

    assert [line["pk"] for line in lines if line["can_go"]] == [change]


def test_the_button_takes_it_back_once(draft, write, signed_in, therapist):
    write("note", "One")
    change = write("note", "Two")
    client, data = signed_in(therapist), {"change": change, "form_key": str(uuid.uuid4())}

    first, second = client.post(url(draft), data), client.post(url(draft), data)

    assert (first.status_code, second.status_code) == (302, 302)
    assert NeedlingSession.objects.get(pk=draft.pk).note == "One"
    assert DraftEvent.objects.filter(session=draft, field="note").count() == 3


def test_a_faster_hand_is_a_conflict_and_nonsense_a_sentence(draft, write, signed_in, therapist):
    older = write("note", "One")
    write("note", "Two")
    client = signed_in(therapist)

    assert client.post(url(draft), {"change": older}).status_code == 409
    for nonsense in ("", "x", "-1", "9" * 18, "9" * 40):
        response = client.post(url(draft), {"change": nonsense})
        assert response.status_code == 422
        assert "no such change" in response.content.decode()


def test_readers_and_signed_notes_have_no_button(draft, write, signed_in, lead):
    write("note", "One")

    page = signed_in(lead).get(url(draft))

    assert not any(line["can_go"] for line in page.context["lines"])


def test_the_count_of_questions_does_not_grow(
    draft, write, site, signed_in, therapist, django_assert_max_num_queries
):
    for number in range(60):
        write("note", f"Word {number}")
    client = signed_in(therapist)

    with django_assert_max_num_queries(20):
        page = client.get(url(draft))

    assert page.context["older"]
    older = client.get(url(draft), {"before": page.context["older"]})
    assert [line["what"] for line in older.context["lines"]][-1].startswith("Site 1")
