"""What the administration refuses is told above the form, each a link to its field."""

import re

from django.urls import reverse

from tests import factories
from tests.form_client import FormClient

SETTINGS = reverse("admin:clinic_practice_change", args=[1])


def links_of(page) -> dict[str, str]:
    """{id of a control or part: the words of the link to it}"""
    note = re.search(r'<div class="errornote".*?</div>', page.text, re.DOTALL)[0]
    return dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', note))


def test_each_problem_is_a_link_to_its_field(admin, signed_in):
    page = FormClient(signed_in(admin)).open(SETTINGS)

    page.try_to_send("phone", needle_stock="banana", visit_minutes="0")

    links = links_of(page.page)
    assert set(links) == {"id_needle_stock", "id_visit_minutes"}
    assert links["id_needle_stock"].startswith("Needles in stock: ")
    assert "There are 2 things to correct" in page.text
    assert "below" not in re.search(r'<div class="errornote".*?</div>', page.text, re.DOTALL)[0]
    assert "Please correct" not in page.text
    assert all(f'id="{name}"' in page.text for name in links)
    assert re.search(r"<title>\s*Error:", page.text)


def test_a_problem_of_a_row_inside_leads_to_that_row(admin, signed_in):
    room = factories.room()
    page = FormClient(signed_in(admin)).open(reverse("admin:clinic_location_change", args=[room.location_id]))

    page.try_to_send("rooms-0-name", **{"rooms-0-name": ""})

    assert set(links_of(page.page)) == {"id_rooms-0-name"}
    assert 'id="id_rooms-0-name"' in page.text


def test_a_form_that_is_only_opened_has_nothing_to_correct(admin, signed_in):
    page = signed_in(admin).get(SETTINGS)

    assert "errornote" not in page.text
