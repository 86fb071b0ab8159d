"""A lead reads what the list says of each muscle, with its sources, and puts the review on record."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic import catalogues
from clinic.models import AuditEvent, CatalogueFile
from treatments.forms.sites.muscle_review import box_value
from treatments.models import Muscle
from treatments.rules.sites import muscle_review
from treatments.selectors.sites import muscle_review as selectors

pytestmark = pytest.mark.django_db
PAGE = "/muscles/"


def row(code: str) -> Muscle:
    return next(each for each in selectors.rows() if each.code == code)


def sent(*codes: str, on: str | None = None) -> dict:
    day = on if on is not None else f"{timezone.localdate():%m/%d/%Y}"
    return {"muscles": [box_value(row(code)) for code in codes], "on": day}


@pytest.fixture
def client(lead, signed_in):
    return signed_in(lead)


def test_the_page_says_how_many_nobody_reviewed_and_what_each_rests_on(client):
    page = client.get(PAGE)
    rows = selectors.rows()

    assert f"<strong>{len(rows)}</strong> of {len(rows)} muscles" in page.text
    assert muscle_review.counts(rows).without_source > 0
    assert "<strong>Lung:</strong> South African AHPC safety guideline" in page.text
    assert "<strong>Nerve or vessel:</strong> no source found, anatomy" in page.text
    assert "Counts as: Adductor longus, Adductor brevis, Adductor magnus." in page.text


def test_a_review_says_who_and_on_which_day_and_is_on_record(client, lead):
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    response = client.post(PAGE, sent("so", "rho", on=f"{yesterday:%m/%d/%Y}"))
    soleus = row("so")

    assert response.status_code == 302
    assert (soleus.reviewed_on, soleus.reviewed_by) == (yesterday, lead)
    assert muscle_review.is_reviewed(soleus)
    assert muscle_review.counts(selectors.rows()).unreviewed == len(selectors.rows()) - 2
    events = AuditEvent.objects.filter(code="muscle.reviewed")
    assert events.count() == 2
    assert "Reviewed by" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"muscles": []}, "muscles"),
        ({"on": ""}, "on"),
        ({"on": "soon"}, "on"),
        ({"on": "future"}, "on"),
        ({"muscles": ["xx:1"]}, "muscles"),
    ],
)
def test_what_is_no_review_is_refused_at_its_field_and_stays_typed(client, data, field):
    if data.get("on") == "future":
        data = {"on": f"{timezone.localdate() + dt.timedelta(days=1):%m/%d/%Y}"}

    response = client.post(PAGE, {**sent("so"), **data})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not AuditEvent.objects.filter(code="muscle.reviewed").exists()
    if field == "on":
        assert f'value="{box_value(row("so"))}" checked' in response.text
        assert response.context["form"]["on"].value() == data["on"]


def test_a_row_that_changed_since_the_page_was_opened_is_read_again(client):
    data = sent("so")
    Muscle.objects.filter(code="so").update(note="Another note.")

    response = client.post(PAGE, data)

    assert response.status_code == 422
    assert "What is said of Soleus changed since this page was opened" in response.text
    assert row("so").reviewed_at is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("hazards", ["nv", "deep"]),
        ("hazard_sources", ["nv: somebody"]),
        ("depth_source", "30 mm: somebody"),
        ("members", "Soleus;Plantaris"),
        ("length_max_mm", 40),
    ],
)
def test_a_row_that_an_update_changes_waits_for_a_review_again(client, column, value):
    client.post(PAGE, sent("so"))
    assert muscle_review.is_reviewed(row("so"))

    Muscle.objects.filter(code="so").update(**{column: value})

    assert not muscle_review.is_reviewed(row("so"))
    assert "Changed since its review" in client.get(PAGE).text


def test_a_place_that_an_update_takes_away_is_read_again(client):
    client.post(PAGE, sent("pect"))

    row("pect").regions.set(row("pect").regions.all()[:1])

    assert not muscle_review.is_reviewed(row("pect"))


def test_reading_the_file_again_keeps_the_review(client):
    client.post(PAGE, sent("so"))
    CatalogueFile.objects.filter(name="treatments/muscles.csv").update(digest="")

    catalogues.sync("treatments")

    assert muscle_review.is_reviewed(row("so"))


@pytest.mark.parametrize("role", ["reception", "therapist", "admin"])
def test_only_a_lead_reviews(role, request, signed_in):
    client = signed_in(request.getfixturevalue(role))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, sent("so")).status_code == 403
    assert row("so").reviewed_at is None


def test_today_counts_the_muscles_until_none_is_left(client, lead):
    page = client.get(reverse("treatments:today")).text
    assert 'id="muscles-unreviewed"' in page
    assert f'href="{PAGE}"' in page

    for each in selectors.rows():
        reviewed = {"reviewed_by": lead, "reviewed_at": timezone.now(), "reviewed_on": timezone.localdate()}
        content = muscle_review.content_of(each)
        Muscle.objects.filter(pk=each.pk).update(reviewed_content=content, **reviewed)

    assert 'id="muscles-unreviewed"' not in client.get(reverse("treatments:today")).text


def test_an_administrator_sees_the_count_and_not_the_way(admin, signed_in):
    page = signed_in(admin).get(reverse("treatments:today")).text

    assert 'id="muscles-unreviewed"' in page
    assert f'href="{PAGE}"' not in page
