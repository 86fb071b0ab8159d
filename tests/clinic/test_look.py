"""The page components: native controls, errors linked to fields, the patient's left and right."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from clinic.forms import gallery
from clinic.forms.base import StaffForm
from clinic.rules import body_chart
from clinic.templatetags import chart, look
from clinic.views import errors
from clinic.views import gallery as gallery_views


class Answers(StaffForm):
    pain = forms.ChoiceField(
        label="Pain before",
        help_text="Right now",
        choices=[*((n, n) for n in range(11)), ("not-asked", "Not asked")],
        widget=forms.RadioSelect(attrs={"data-look": "scale"}),
    )
    born = forms.CharField(label="Date of birth", help_text="For example 3/5/84")
    agreed = forms.BooleanField(label="May be texted")


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag, **wanted):
        wanted = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [a for t, a in self.found if t == tag and wanted.items() <= a.items()]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]


def draw(template, **context):
    return Template(template).render(Context(context))


@pytest.fixture
def refused():
    return Answers({"pain": "11"})


def test_scale_is_eleven_native_radios_and_one_way_to_say_not_asked():
    page = Elements(render_crispy_form(Answers()))
    radios = page.all("input", type="radio", name="pain")
    assert [radio["value"] for radio in radios] == [*(str(n) for n in range(11)), "not-asked"]
    assert not [radio for radio in radios if "checked" in radio]


def test_ends_of_the_scale_are_in_the_names_of_its_options():
    html = render_crispy_form(Answers())
    assert re.search(r"<span>0<span class=\"vh\"> no pain</span>", html)
    assert re.search(r"<span>10<span class=\"vh\"> worst imaginable</span>", html)


def test_hint_and_error_are_tied_to_the_group_and_the_field(refused):
    page = Elements(render_crispy_form(refused))
    group = page.all("fieldset", aria_describedby="id_pain_helptext id_pain_error")
    field = page.all(
        "input", name="born", aria_describedby="id_born_helptext id_born_error", aria_invalid="true"
    )
    assert len(group) == 1
    assert len(field) == 1
    assert {"id_pain_helptext", "id_pain_error", "id_born_helptext", "id_born_error"} <= set(page.ids)


def test_summary_links_lead_to_controls_that_exist(refused):
    summary = Elements(render_to_string("components/_error_summary.html", {"form": refused}))
    targets = [link["href"].lstrip("#") for link in summary.all("a")]
    assert targets == ["id_pain_0", "id_born", "id_agreed"]
    assert set(targets) <= set(Elements(render_crispy_form(refused)).ids)


def test_summary_speaks_of_every_form_of_a_set():
    formset = forms.formset_factory(Answers, extra=0)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-pain": "3", "form-1-pain": "4"}
    found = look.problems(formset(data))
    assert [problem["id"] for problem in found] == [
        "id_form-0-born",
        "id_form-0-agreed",
        "id_form-1-born",
        "id_form-1-agreed",
    ]


def test_summary_is_silent_when_nothing_is_wrong():
    assert render_to_string("components/_error_summary.html", {"form": Answers()}).strip() == ""


def test_error_text_cannot_carry_markup():
    form = Answers({})
    form.add_error("born", "<b>bold</b>")
    assert "<b>bold</b>" not in render_crispy_form(form)
    assert "<b>bold</b>" not in render_to_string("components/_error_summary.html", {"form": form})


@pytest.mark.parametrize(("view", "first"), [("front", "r"), ("back", "l")])
def test_viewers_left_is_the_patients_right_on_the_front_only(view, first):
    shapes = body_chart.shapes(view)
    left_half = [shape for shape in shapes if shape["badge"][0] < 160]
    assert {shape["code"][-1] for shape in left_half} == {first}
    assert len(shapes) == 2 * len(left_half)


def test_figures_hold_all_ninety_regions_once():
    codes = [shape["code"] for view in ("front", "back") for shape in body_chart.shapes(view)]
    assert len(codes) == len(set(codes)) == 90


def test_a_mark_fills_its_own_side_and_carries_its_number():
    html = draw(
        "{% load chart %}{% body_figure view='back' marks=marks %}",
        marks={"b-utrap-r": {"cls": "on", "badge": "1"}},
    )
    filled = [path["data-region"] for path in Elements(html).all("path") if path.get("class") == "cf-r on"]
    assert filled == ["b-utrap-r"]
    assert html.count('class="cf-badge"') == 1
    assert Elements(html).all("svg")[0]["aria-hidden"] == "true"


@pytest.mark.parametrize(("depth", "past_limit"), [(15, False), (19, False), (30, True), (500, True)])
def test_needle_passes_the_limit_in_the_picture_only_when_it_does(depth, past_limit):
    html = draw("{% load chart %}{% depth_picture limit=19 depth=depth %}", depth=depth)
    needle_end = float(re.search(r'd="M64 0V([\d.]+)"', html)[1])
    assert (needle_end > chart.LIMIT_Y) is past_limit
    assert needle_end <= 92


def test_body_list_names_region_and_side_of_every_box():
    page = Elements(render_crispy_form(gallery.Specimen()))
    boxes = page.all("input", type="checkbox", name="regions")
    rows = chart.body_rows(gallery.Specimen()["regions"])
    assert len(boxes) == 90
    assert sum(len(group["regions"]) for group in rows) == 45
    assert len({group["group"] for group in rows}) == len(rows)


def test_a_hint_that_holds_a_name_is_text():
    """A hint may contain a name from a catalog."""
    form = Answers()
    form.fields["born"].help_text = "Without a choice: <svg onload=x()>"

    assert "&lt;svg onload=x()&gt;" in render_crispy_form(form)
    assert "<svg onload" not in render_crispy_form(form)


def test_gallery_draws_every_part_with_ids_used_once():
    page = Elements(render_to_string("clinic/gallery.html", gallery_views.contents()))
    assert len(page.ids) == len(set(page.ids))
    assert {href["href"].split("#i-")[1] for href in page.all("use")} >= set(gallery_views.ICONS)


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    sprite = set(re.findall(r'symbol id="i-([\w-]+)"', look_file("sprite.svg")))
    icons = set(re.findall(r'{% icon "([\w-]+)"', all_templates()))
    assert icons
    assert icons <= sprite


def look_file(name):
    from_package = body_chart.CATALOGUES.parent / "static" / "clinic" / name
    return from_package.read_text(encoding="utf-8")


def all_templates():
    folder = body_chart.CATALOGUES.parent.parent / "templates"
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))


def test_our_own_fault_is_told_without_asking_the_database(rf):
    answer = errors.failed(rf.get("/"))
    assert answer.status_code == 500
    assert "went wrong on our side" in answer.content.decode()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "410", "422", "500", "503"])
def test_error_page_needs_neither_context_nor_database(code):
    html = render_to_string(f"{code}.html")
    page = Elements(html)
    assert len(page.all("h1")) == 1
    assert page.all("main", id="main")
    assert len(re.findall(r"<p>\s*[A-Z][^<]{20,}</p>", html)) >= 2


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(553) 555-0127", "5535550127"),
        ("+1 553.555.0127", "+15535550127"),
        ("Tel. 553 555 0127 ext. 12", "5535550127"),
        ("553-555-0127 x12", "5535550127"),
        ("ask her sister", ""),
        ("", ""),
    ],
)
def test_a_link_calls_the_number_and_not_what_stands_beside_it(typed, number):
    assert look.dialled(typed) == number
