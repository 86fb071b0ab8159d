"""A row that stands for several muscles says which it was, and counts as the muscles that it was."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from clinic.models import AuditEvent, Practice
from tests import factories
from tests.treatments import notes
from treatments.models import Muscle, Seal
from treatments.rules import billing
from treatments.rules.session.parts import DraftSite, SiteMuscle
from treatments.rules.signing import readiness
from treatments.rules.sites import muscle_parts, shorthand
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import seal_check

LIVE = {"X-Live": "1"}
FILE = Path(__file__).resolve().parents[2] / "treatments" / "catalogues" / "muscles.csv"
with FILE.open(encoding="utf-8", newline="") as opened:
    ROWS = {row["code"]: row for row in csv.DictReader(opened)}

# Typed, not read from the catalogue: the muscles that one row stands for.
LUMPED = {
    "co": ["Corrugator supercilii", "Procerus"],
    "lc": ["Longissimus capitis", "Longissimus cervicis"],
    "sca": ["Scalenus anterior", "Scalenus medius", "Scalenus posterior"],
    "di": ["Digastric", "Mylohyoid", "Geniohyoid", "Stylohyoid"],
    "ei": ["Extensor indicis", "Extensor pollicis longus", "Extensor pollicis brevis"],
    "fdp": ["Flexor digitorum profundus", "Flexor pollicis longus"],
    "th": ["Abductor pollicis brevis", "Opponens pollicis", "Flexor pollicis brevis"],
    "hyp": ["Abductor digiti minimi", "Flexor digiti minimi brevis", "Opponens digiti minimi"],
    "ap": ["Adductor pollicis", "1st dorsal interosseous"],
    "inh": [
        "1st dorsal interosseous", "2nd dorsal interosseous", "3rd dorsal interosseous",
        "4th dorsal interosseous", "Palmar interossei",
    ],
    "tmf": ["Thoracic multifidus", "Rotatores"],
    "til": ["Iliocostalis thoracis", "Longissimus thoracis"],
    "les": ["Longissimus thoracis", "Iliocostalis lumborum"],
    "ip": ["Psoas major", "Iliacus"],
    "dr": ["Gemellus superior", "Gemellus inferior", "Obturator internus"],
    "pf": ["Levator ani", "Coccygeus"],
    "ad": ["Adductor longus", "Adductor brevis", "Adductor magnus"],
    "st": ["Semitendinosus", "Semimembranosus"],
    "edl": ["Extensor digitorum longus", "Extensor hallucis longus"],
    "fib": ["Fibularis longus", "Fibularis brevis", "Fibularis tertius"],
    "fhl": ["Flexor hallucis longus", "Flexor digitorum longus"],
    "int": ["Dorsal interossei of the foot", "Plantar interossei", "Lumbricals of the foot"],
}  # fmt: skip
# Heads and parts of one muscle. The three rows of the trapezius are one muscle.
HEADS = {
    "scm": ["sternal", "clavicular"], "pma": ["clavicular", "sternocostal"],
    "de": ["anterior", "middle", "posterior"], "bb": ["long", "short"], "tb": ["long", "lateral", "medial"],
    "bf": ["long", "short"], "ga": ["medial", "lateral"],
}  # fmt: skip
TRAPEZIUS = {"ut": "upper", "mt": "middle", "lt": "lower"}


def muscle(code: str) -> SiteMuscle:
    row = ROWS[code]
    columns = {name: row[name] for name in ("code", "name", "group", "billing_key", "heads", "members")}
    return SiteMuscle(**columns)


def site(code: str, sub_site: str = "", *, side: str = "right", number: int = 1) -> DraftSite:
    return DraftSite(f"k{number}", number, side, muscle(code), sub_site=sub_site)


def count(*sites: DraftSite, **settings) -> int:
    return billing.propose(
        [each for one in sites for each in billing.counted_muscles(one)], **settings
    ).muscles


@pytest.mark.parametrize("code", sorted(ROWS))
def test_every_row_asks_which_only_where_it_stands_for_several(code):
    heads = HEADS.get(code, [])
    assert list(muscle_parts.asked(site(code))) == LUMPED.get(code, [])
    assert list(muscle_parts.asked(site(code), heads_count_once=False)) == LUMPED.get(code, heads)


@pytest.mark.parametrize("code", sorted(ROWS))
def test_every_row_counts_as_the_muscles_that_it_names(code):
    named = LUMPED.get(code, [])

    assert count(site(code)) == 1
    for last in range(1, len(named) + 1):
        assert count(site(code, ", ".join(named[:last]))) == last
    both = [site(code, ", ".join(named)), site(code, ", ".join(named), side="left", number=2)]
    assert count(*both) == max(len(named), 1)
    assert count(*both, sides_count_once=False) == 2 * max(len(named), 1)


@pytest.mark.parametrize("code", sorted({**HEADS, **LUMPED}))
def test_heads_count_once_or_apart_as_the_practice_chose(code):
    heads = HEADS.get(code, [])
    sites = [site(code, head, number=at) for at, head in enumerate(heads)] or [site(code)]

    assert count(*sites) == 1
    assert count(*sites, heads_count_once=False) == max(len(heads), 1)


def test_the_parts_of_the_trapezius_are_one_muscle():
    three = [site(code, number=at) for at, code in enumerate(TRAPEZIUS)]

    assert count(*three) == 1
    assert count(*three, heads_count_once=False) == 3
    assert muscle_parts.asked(three[0], heads_count_once=False) == ()
    counted = [each for one in three for each in billing.counted_muscles(one)]
    assert billing.propose(counted).code == billing.FEW
    assert "Upper trapezius / Middle trapezius / Lower trapezius" in billing.propose(counted).reason


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        ([("ad", "")], 1),
        ([("ad", "Adductor longus, Adductor brevis, Adductor magnus")], 3),
        ([("ad", "longus"), ("ad", "magnus"), ("gr", "")], 3),
        ([("st", "Semitendinosus"), ("st", "Semitendinosus")], 1),
        # one muscle under two rows
        ([("les", "Longissimus thoracis"), ("til", "Longissimus thoracis")], 1),
        ([("ap", "1st dorsal interosseous"), ("inh", "1st dorsal interosseous")], 1),
        ([("fhl", "Flexor hallucis longus, mid third")], 1),
    ],
)
def test_the_day_counts_muscles_and_not_rows(sites, expected):
    rows = [site(code, text, number=at) for at, (code, text) in enumerate(sites)]

    assert count(*rows) == expected


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("ad", "longus", ["Adductor longus"]),
        ("ad", "Magnus, near its origin", ["Adductor magnus"]),
        ("ad", "adductor", []),
        ("th", "brevis", []),
        ("th", "abductor", ["Abductor pollicis brevis"]),
        ("les", "T12 to L2", []),
        ("de", "middle", ["middle"]),
    ],
)
def test_a_part_is_named_by_a_word_that_no_other_has(code, text, found):
    assert list(muscle_parts.named(muscle_parts.parts(muscle(code)), text)) == found


def test_no_muscle_of_a_row_has_the_name_of_another_row():
    names = {row["name"].casefold() for row in ROWS.values()}
    keys = [row["billing_key"] for row in ROWS.values()]

    assert not {part.casefold() for parts in LUMPED.values() for part in parts} & (names | set(keys))
    assert sorted(set(keys)) == sorted({*(set(ROWS) - set(TRAPEZIUS)), "trapezius"})
    assert all(len(", ".join(parts)) <= muscle_parts.MAX_SUB_SITE for parts in LUMPED.values())


# In a line

NAMES = {code: row["name"] for code, row in ROWS.items()}
PARTS = {code: tuple(parts) for code, parts in {**LUMPED, **HEADS}.items()}


@pytest.mark.parametrize(
    ("line", "code", "which"),
    [
        ("ad longus r 3 t2", "ad", "Adductor longus"),
        ("adductor longus r 3 t2", "ad", "Adductor longus"),
        ("AD longus+brevis r 3 t2", "ad", "Adductor longus, Adductor brevis"),
        ("psoas r 3 t2", "ip", "Psoas major"),
        ("semitend l 2 t0", "st", "Semitendinosus"),
        ("ad r 3 t2", "ad", None),
        ("adductor mag r 1 t0", "ad", "Adductor magnus"),
        ("bb short r 1 t0", "bb", "short"),
        ("ut r 3 t2", "ut", None),
    ],
)
def test_a_line_says_which_muscle_it_was_and_reads_back(line, code, which):
    [entry] = shorthand.parse(line, NAMES, PARTS)
    printed = shorthand.shortest_form([entry])
    [again] = shorthand.parse(printed, NAMES, PARTS)

    assert entry.is_understood
    assert (entry.values["muscle"], entry.values.get("sub_site")) == (code, which)
    assert again.values == entry.values


@pytest.mark.parametrize("code", sorted(PARTS))
def test_every_part_of_every_row_reads_back_from_a_line(code):
    for part in PARTS[code]:
        [entry] = shorthand.parse(f"{code} {part} r 1 t0", NAMES, PARTS)
        assert (entry.values["muscle"], entry.values["sub_site"]) == (code, part)


def test_a_line_that_names_no_part_of_its_row_is_not_understood():
    [entry] = shorthand.parse("ad biceps r 1 t0", NAMES, PARTS)

    assert not entry.is_understood


# On the page


@pytest.fixture
def client(therapist, signed_in):
    return signed_in(therapist)


@pytest.fixture
def adductor(draft):
    return factories.site(draft, "ad", depth_mm=None)


def address(row) -> str:
    return reverse("treatments:site-which", args=[row.session.ref, row.key])


def stop_codes(draft) -> set[str]:
    return {reason.code for reason in readiness.sign_reasons(readiness.facts_for(drafts.whole(draft.pk)))}


@pytest.mark.django_db
def test_a_row_that_stands_for_several_asks_on_the_page_and_stops_the_signature(client, adductor):
    page = client.get(adductor.session.get_absolute_url())

    assert f'action="{address(adductor)}"' in page.text
    assert 'value="Adductor magnus"' in page.text
    assert muscle_parts.UNNAMED in stop_codes(adductor.session)


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, LIVE])
def test_the_answer_is_kept_with_the_site_and_in_the_trail(client, adductor, headers):
    adductor.sub_site = "mid third"
    adductor.save(update_fields=["sub_site"])
    ticked = {"parts": ["Adductor longus", "Adductor brevis"]}

    response = client.post(address(adductor), ticked, headers=headers)
    adductor.refresh_from_db()

    assert response.status_code == (200 if headers else 302)
    assert adductor.sub_site == "Adductor longus, Adductor brevis, mid third"
    assert muscle_parts.UNNAMED not in stop_codes(adductor.session)
    assert AuditEvent.objects.filter(code="session.site_changed").count() == 1
    assert address(adductor) not in client.get(adductor.session.get_absolute_url()).text


@pytest.mark.django_db
def test_the_same_answer_again_changes_nothing_and_another_one_is_refused(client, adductor):
    client.post(address(adductor), {"parts": ["Adductor longus"]})

    again = client.post(address(adductor), {"parts": ["Adductor longus"]})
    other = client.post(address(adductor), {"parts": ["Adductor magnus"]})
    adductor.refresh_from_db()

    assert (again.status_code, other.status_code) == (302, 422)
    assert adductor.sub_site == "Adductor longus"
    assert AuditEvent.objects.filter(code="session.site_changed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", [[], ["Gracilis"], ["Adductor longus", "Gracilis"]])
def test_nothing_chosen_or_another_muscle_is_refused_at_the_site(client, adductor, ticked):
    response = client.post(address(adductor), {"parts": ticked})
    live = client.post(address(adductor), {"parts": ticked}, headers=LIVE)
    adductor.refresh_from_db()

    assert (response.status_code, live.status_code) == (422, 422)
    assert '<p class="invalid-feedback">Choose one or more of these.</p>' in response.text
    assert list(live.json()["errors"].values()) == ["Choose one or more of these."]
    assert adductor.sub_site == ""


@pytest.mark.django_db
def test_an_answer_that_does_not_fit_keeps_what_was_written(client, adductor):
    adductor.sub_site = "x" * 110
    adductor.save(update_fields=["sub_site"])

    response = client.post(address(adductor), {"parts": ["Adductor longus"]})
    adductor.refresh_from_db()

    assert response.status_code == 422
    assert "too long" in response.text
    assert adductor.sub_site == "x" * 110


@pytest.mark.django_db
def test_heads_are_asked_where_the_practice_counts_them_apart(client, draft):
    site_of_two_heads = factories.site(draft, "bf", depth_mm=None)
    assert address(site_of_two_heads) not in client.get(draft.get_absolute_url()).text

    Practice.objects.update(heads_count_once=False)

    assert address(site_of_two_heads) in client.get(draft.get_absolute_url()).text
    assert muscle_parts.UNNAMED in stop_codes(draft)


@pytest.mark.django_db
def test_a_row_that_changes_after_it_was_saved_asks_again(client, draft):
    """A draft is judged by the catalog of today; a signed note keeps its count."""
    named = factories.site(draft, "gr", depth_mm=None)
    assert muscle_parts.UNNAMED not in stop_codes(draft)

    Muscle.objects.filter(pk=named.muscle_id).update(members="Gracilis;Another muscle")

    assert muscle_parts.UNNAMED in stop_codes(draft)


@pytest.mark.django_db
def test_a_signed_note_keeps_its_count_and_its_text_when_a_row_changes(draft):
    note = notes.signed(draft)
    counted = note.billing_code, note.billing_muscles, note.billing_reason
    text = Seal.objects.get(session=note).text

    Muscle.objects.filter(code="is").update(members="Infraspinatus;Another;A third", billing_key="other")
    note.refresh_from_db()

    assert (note.billing_code, note.billing_muscles, note.billing_reason) == counted
    assert Seal.objects.get(session=note).text == text
    assert list(seal_check.faults(lambda done: None)) == []


def test_a_value_of_a_draft_and_a_row_of_the_table_are_asked_alike():
    value = site("ad")
    assert muscle_parts.asked(value) == muscle_parts.asked(replace(value, side="left"))
