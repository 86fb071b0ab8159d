"""The administration by what somebody comes for: five groups, words for columns, chips for lists."""

import html
import re

import pytest
from django.contrib import admin as django_admin
from django.test import RequestFactory
from django.urls import reverse

from clinic.administration import labels
from clinic.administration.sections import Section
from patients.models import ConsentText
from tests import factories
from tests.admin_pages import list_address, row_address
from treatments.models import Muscle

GROUPS = ["People", "Clinic", "Wording", "Limits", "Read-only"]


def groups_of(user) -> dict[str, list[str]]:
    request = RequestFactory().get("/admin/")
    request.user = user
    shown = django_admin.site.get_app_list(request)
    return {group["name"]: [table["name"] for table in group["models"]] for group in shown}


@pytest.mark.django_db
def test_the_first_page_has_five_groups_in_their_order(admin, signed_in):
    page = signed_in(admin).get(reverse("admin:index")).content.decode()

    assert re.findall(r'<h2 id="[\w-]+-h">([^<]+)</h2>', page) == GROUPS


@pytest.mark.django_db
def test_every_table_stands_in_one_group(admin, signed_in):
    found = groups_of(signed_in(admin).get("/admin/").wsgi_request.user)
    names = [name for group in found.values() for name in group]

    assert list(found) == GROUPS
    assert {table.menu_name for table in django_admin.site._registry.values()} <= set(names)
    assert len(names) == len(set(names))
    assert {"Users", "Roles and permissions"} <= set(found["People"])
    assert {"Locations", "Practice settings"} <= set(found["Clinic"])
    assert {"Consent texts", "Health questions"} <= set(found["Wording"])
    assert {"Muscles and depths", "State rules"} <= set(found["Limits"])
    assert {"Patients", "Audit trail"} <= set(found["Read-only"])


@pytest.mark.django_db
def test_nothing_read_only_can_be_changed(admin, signed_in):
    request = signed_in(admin).get("/admin/").wsgi_request
    tables = [table for table in django_admin.site._registry.values() if table.section is Section.READ_ONLY]

    assert len(tables) >= 15
    assert [table.menu_name for table in tables if table.has_change_permission(request)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["clinic", "patients", "treatments"])
def test_the_page_of_a_part_of_the_program_leads_to_the_groups(admin, signed_in, part):
    assert signed_in(admin).get(f"/admin/{part}/").url == reverse("admin:index")


@pytest.mark.django_db
def test_a_page_says_its_group_and_leads_back_to_the_clinic(admin, signed_in, therapist):
    page = signed_in(admin).get(row_address(therapist) + "change/").content.decode()
    path = re.search(r'<div class="breadcrumbs">(.*?)</div>', page, re.S)[1]

    assert re.findall(r"<a [^>]*>([^<]+)</a>", path) == ["Administration", "People", "Users"]
    assert f'<a href="{reverse("treatments:today")}"' in page


@pytest.mark.parametrize("model", django_admin.site._registry, ids=lambda model: model.__name__)
def test_no_column_is_called_by_its_name_in_the_database(model):
    for name, label in labels.labels_of(model).items():
        assert label == label.strip() != ""
        assert "_" not in label, name
        assert not re.search(r" (at|on|mm|seconds)$|^(ref|seq|at)$", label, re.I), (name, label)


@pytest.mark.django_db
def test_a_search_has_a_label_in_words(admin, signed_in):
    client = signed_in(admin)
    for model, table in django_admin.site._registry.items():
        page = client.get(list_address(model)).content.decode()
        if not table.get_search_fields(None):
            assert 'id="searchbar"' not in page
            continue
        label = re.search(r'<label for="searchbar">([^<]+)</label>', page)
        assert label, model
        assert len(label[1].split()) >= 3, (model, label[1])


def shown_chips(page: str, name: str) -> list[str]:
    row = page[page.index(f"field-{name}") :]
    listed = re.search(r'<ul class="chips">(.*?)</ul>', row, re.S)[1]
    return [html.unescape(text) for text in re.findall(r"<li>([^<]*)</li>", listed)]


@pytest.mark.django_db
def test_what_was_consented_to_is_shown_in_chips_by_its_names(admin, signed_in, ada, reception):
    consent = factories.consent(ada, reception, statements=["I was told.", "I may say no."])
    page = signed_in(admin).get(row_address(consent) + "change/").content.decode()

    assert consent.regions
    assert shown_chips(page, "statements") == ["I was told.", "I may say no."]
    assert not set(shown_chips(page, "regions")) & set(consent.regions)
    assert "[&quot;" not in page


@pytest.mark.django_db
def test_answers_are_shown_in_chips_in_words(admin, signed_in, ada, therapist):
    screening = factories.screening(ada, therapist, answers={"pacemaker": "no", "pregnant": "unknown"})
    page = signed_in(admin).get(row_address(screening) + "change/").content.decode()

    assert shown_chips(page, "other_answers") == ["Pacemaker: no"]
    assert shown_chips(page, "concerns") == ["Pregnant: unknown"]


@pytest.mark.django_db
def test_what_lies_under_a_muscle_is_said_in_words(admin, signed_in):
    muscle = next(muscle for muscle in Muscle.objects.all() if "lung" in muscle.hazards)
    page = signed_in(admin).get(row_address(muscle) + "change/").content.decode()

    assert "Lung" in shown_chips(page, "hazards")
    assert shown_chips(page, "regions") == [region.name for region in muscle.regions.all()]


@pytest.mark.django_db
def test_every_code_of_what_lies_under_a_muscle_has_words(admin, signed_in):
    client = signed_in(admin)
    codes = {}
    for muscle in Muscle.objects.all():
        for code in muscle.hazards:
            codes.setdefault(code, muscle)

    assert len(codes) >= 5
    for code, muscle in codes.items():
        page = client.get(row_address(muscle) + "change/").content.decode()
        assert code not in shown_chips(page, "hazards")


@pytest.mark.django_db
def test_the_statements_of_a_consent_text_are_typed_one_on_each_line(admin, signed_in):
    client, url = signed_in(admin), reverse("admin:patients_consenttext_add")
    data = {
        "version": "2099-01",
        "language": "en",
        "title": "A title",
        "body": "What it is.",
        "statements": "Read: I have read this.\r\n\r\n  Stop : I may say no.  \r\n",
        "source": "the practice",
    }
    client.post(url, data)
    text = ConsentText.objects.get(version="2099-01")

    assert text.statements == ["I have read this.", "I may say no."]
    assert text.statement_names == ["Read", "Stop"]
    page = client.get(row_address(text) + "change/").content.decode()
    assert "Read: I have read this.\nStop: I may say no.</textarea>" in html.unescape(page)


@pytest.mark.django_db
def test_settings_have_no_list_of_one_row_in_the_menu(admin, signed_in):
    page = signed_in(admin).get(reverse("admin:index")).content.decode()

    assert f'href="{reverse("admin:clinic_practice_change", args=[1])}"' in page
    assert f'href="{reverse("admin:clinic_practice_changelist")}"' not in page


@pytest.mark.django_db
def test_a_form_needs_no_script(admin, signed_in, therapist):
    """A new role and a new credential are there without one, and no library of scripts is loaded."""
    page = signed_in(admin).get(row_address(therapist) + "change/").content.decode()

    assert re.findall(r"<summary>(Add a [a-z]+)</summary>", page) == ["Add a role", "Add a credential"]
    assert "__prefix__" not in page
    assert re.findall(r'src="/static/admin/[^"]*"', page) == []
