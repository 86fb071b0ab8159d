"""A muscle typed by its own name, where a row of the catalogue stands for several: known, or asked."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.treatments import notes
from treatments.models import Muscle
from treatments.rules.signing import readiness

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


def typed(**changes) -> dict:
    return {
        "key": str(uuid.uuid4()), "side": "right", "insertions": "2", "twitches": "1", "needle": "0.30x40",
        "technique": "in_out", "tissue": "trigger_point", "depth_mm": "8", **changes,
    }  # fmt: skip


@pytest.fixture(params=["plain", "live", "queued"])
def add(request, draft, client):
    """One site by the form without a script, by one that is sent alone, and by one of several."""

    def post(**changes):
        address, row = reverse("treatments:site-add", args=[draft.ref]), typed(**changes)
        if request.param == "plain":
            return client.post(address, row)
        if request.param == "live":
            return client.post(address, row, headers={"X-Live": "1"})
        other = typed(muscle="so", depth_mm="")
        encoded = ["&".join(f"{name}={value}" for name, value in each.items()) for each in (row, other)]
        return client.post(address, {"row": encoded}, headers={"X-Live": "1"})

    return post


def saved(draft) -> list[tuple[str, str, str]]:
    rows = draft.sites.exclude(muscle__code="so").select_related("muscle")
    return [(site.muscle.code if site.muscle else "", site.unlisted_name, site.sub_site) for site in rows]


@pytest.mark.parametrize(
    ("muscle", "code", "part"),
    [
        ("Adductor longus", "ad", "Adductor longus"),
        ("adductor MAGNUS", "ad", "Adductor magnus"),
        ("Psoas", "ip", "Psoas major"),
        ("Rotatores", "tmf", "Rotatores"),
        ("Levator ani", "pf", "Levator ani"),
        ("Gemellus", "dr", ""),
        ("Opponens pollicis", "th", "Opponens pollicis"),
        # a word of one row's name
        ("Infraspinatus", "is", ""),
        ("Pectineus", "pect", ""),
        ("Subscapularis", "sub", ""),
        # one or several of them, and called a muscle
        ("M. infraspinatus", "is", ""),
        ("Deltoids", "de", ""),
        ("Scalene", "sca", ""),
        ("Brachialis muscle", "br", ""),
        ("Musculus psoas major", "ip", "Psoas major"),
        ("Extensor digitorum muscle", "ed", ""),
    ],
)
def test_a_muscle_of_a_row_that_stands_for_several_is_known_by_its_own_name(add, draft, muscle, code, part):
    add(muscle=muscle)

    assert saved(draft) == [(code, "", part)]


def test_what_was_written_of_the_place_stays_beside_the_muscle(add, draft):
    add(muscle="Rotatores", sub_site="T7")
    assert saved(draft) == [("tmf", "", "Rotatores, T7")]


@pytest.mark.parametrize(
    "muscle",
    [
        "Trapezius",
        "Rhomboid",
        "Multifidus",
        "Longissimus thoracis",
        "Teres",
        "Rhomboids",
        "M. trapezius",
        "Trapezius muscle",
        "traps",
        "Glutes",
        "upper trap",
        "Gastrocs",
    ],
)
def test_a_name_that_several_rows_have_is_asked_about(add, draft, muscle):
    refused = add(muscle=muscle)

    assert f"“{muscle}” may be " in refused.text.replace("\\u201c", "“").replace("\\u201d", "”")
    assert saved(draft) == []


@pytest.mark.parametrize(("muscle", "rows"), [
    ("quads", "Rectus femoris, Vastus intermedius, Vastus lateralis or others"),
    ("Quad", "Rectus femoris, Vastus intermedius, Vastus lateralis or others"),
    ("Quadriceps femoris", "Rectus femoris, Vastus intermedius, Vastus lateralis or others"),
    ("hamstrings", "Biceps femoris, Semitendinosus and semimembranosus"),
    ("Hamstring muscles", "Biceps femoris, Semitendinosus and semimembranosus"),
    ("inner hamstring", "Biceps femoris, Semitendinosus and semimembranosus"),
    ("hammies", "Biceps femoris, Semitendinosus and semimembranosus"),
    ("calf", "Gastrocnemius, Soleus"),
    ("Calves", "Gastrocnemius, Soleus"),
    ("Rotator cuff", "Infraspinatus, Subscapularis, Supraspinatus or others"),
    ("erector spinae", "Lumbar longissimus and iliocostalis, Thoracic iliocostalis and longissimus"),
    ("Paraspinals", "Cervical multifidus, Longissimus capitis and cervicis, Lumbar longissimus and"),
    ("peroneals", "Fibularis longus, brevis and tertius"),
    ("peroneus longus", "Fibularis longus, brevis and tertius"),
])  # fmt: skip
def test_a_word_for_several_muscles_asks_which(add, draft, muscle, rows):
    refused = add(muscle=muscle)

    text = refused.text.replace("\\u201c", "“").replace("\\u201d", "”")
    assert f"“{muscle}” may be {rows}" in text
    assert saved(draft) == []


@pytest.mark.parametrize(("muscle", "code"), [
    ("Quadratus lumborum", "ql"), ("Quadratus femoris", "qf"), ("Biceps femoris", "bf"), ("Plantaris", "pln"),
])  # fmt: skip
def test_the_name_of_one_muscle_is_no_word_for_several(add, draft, muscle, code):
    add(muscle=muscle)

    assert saved(draft) == [(code, "", "")]


def test_a_word_for_several_is_taken_where_the_practice_has_a_muscle_called_so(add, draft):
    Muscle.objects.filter(code="bf").update(name="Hamstrings")
    add(muscle="hamstrings")

    assert saved(draft) == [("bf", "", "")]


def test_of_a_word_for_several_none_that_is_retired_is_offered(add, draft):
    Muscle.objects.filter(code="st").update(retired_at=timezone.now())

    assert "may be Biceps femoris. Write the whole name." in add(muscle="hamstrings").text


@pytest.mark.parametrize(("region", "code"), [("b-mid", "til"), ("b-lumb", "les")])
def test_the_picked_part_of_the_body_tells_two_rows_apart(add, draft, region, code):
    add(muscle="Longissimus thoracis", region=region)

    assert saved(draft) == [(code, "", "Longissimus thoracis")]


@pytest.mark.parametrize("muscle", ["Psoas minor", "Risorius, deep part", "Of", "Longus colli", "Muscle"])
def test_a_name_that_no_row_has_is_kept_as_written(add, draft, muscle):
    add(muscle=muscle)

    assert saved(draft) == [("", muscle, "")]


def test_a_muscle_known_by_its_own_name_follows_the_rules_of_its_row(draft, client):
    address = reverse("treatments:site-add", args=[draft.ref])
    refused = client.post(address, typed(muscle="Rotatores", depth_mm=""))
    assert "This place lies over the lung." in refused.text

    client.post(address, typed(muscle="Rotatores", depth_mm="25"))
    client.post(address, typed(muscle="Adductor longus", depth_mm=""))
    rules = {reason.code for reason in readiness.sign_reasons(notes.sign_facts(draft))}
    assert "depth-over-published" in rules
    assert "which-muscle" not in rules


def test_a_muscle_of_a_retired_row_is_not_taken_for_one_that_no_catalogue_lists(add, draft):
    Muscle.objects.filter(code="pf").update(retired_at=timezone.now())

    refused = add(muscle="Levator ani")

    assert "is retired at this practice" in refused.text
    assert saved(draft) == []


def test_a_muscle_and_its_place_that_are_too_long_together_are_asked_to_be_shorter(add, draft):
    refused = add(muscle="Adductor longus", sub_site="x" * 119)

    assert "too long" in refused.text
    assert saved(draft) == []


def test_a_muscle_that_does_not_lie_where_was_picked_says_so(add, draft):
    refused = add(muscle="les", region="b-mid", key="7b0c4f1e-0000-4000-8000-000000000001")

    assert "Lumbar longissimus and iliocostalis does not lie at Mid-back beside spine." in refused.text
    assert saved(draft) == []
    add(muscle="les", region="b-lumb")
    assert saved(draft) == [("les", "", "")]
    assert draft.sites.get(muscle__code="les").region.code == "b-lumb"


def test_without_a_script_sending_it_again_keeps_it_where_it_lies(draft, client):
    address = reverse("treatments:site-add", args=[draft.ref])
    refused = client.post(address, typed(muscle="les", region="b-mid"))
    shown = refused.context["site_form"]

    assert (refused.status_code, shown["region"].value()) == (422, "")
    client.post(address, typed(muscle="les", region=shown["region"].value()))
    assert draft.sites.get().region.code == "b-lumb"


@pytest.mark.parametrize("region", ["", "no-such-place"])
def test_a_muscle_of_the_list_without_a_picked_place_is_kept_where_it_lies(add, draft, region):
    add(muscle="les", region=region)

    assert draft.sites.get(muscle__code="les").region.code == "b-lumb"
