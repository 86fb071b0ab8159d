"""What is read back says every value that was recorded, and nothing else."""

import datetime as dt

import pytest

from clinic.formats import sealed
from tests import factories
from treatments.models import Measurement, NeedleSite
from treatments.rules.session import sentences
from treatments.selectors.signing import seal

pytestmark = pytest.mark.django_db


def read(draft, **fields):
    site = factories.site(draft, "ut", "right", insertions=3, length_mm=50, depth_mm=25, twitches=2, **fields)
    return sentences.site_sentence(NeedleSite.objects.select_related("muscle", "region").get(pk=site.pk))


def test_a_site_reads_as_a_sentence(draft):
    said = read(draft)

    assert said == (
        "Upper trapezius, right. 3 insertions, 0.30 × 50 mm to 25 mm, 2 twitches, in and out. Trigger point."
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"technique": "static", "dwell_seconds": 480}, "left in for 8 minutes"),
        ({"needles": 3}, "3 needles"),
        ({"sub_site": "upper part"}, "Upper trapezius (upper part), right."),
        ({"taut_band": True, "nodule": False}, "Found: taut band, no nodule."),
        ({"bleeding": "spot"}, "Bleeding: a spot."),
        ({"lot": "L77"}, "Lot L77."),
        ({"pain_during": 0}, "Pain during 0."),
        ({"tissue": "fascia"}, "Fascia."),
        ({"direction": "cranial"}, "Direction: cranial."),
        ({"stimulation_device": "E1", "stimulation_hz": "2.0"}, "Stimulation: E1, 2 Hz."),
    ],
)
def test_a_recorded_value_is_read_back(draft, fields, words):
    assert words in read(draft, **fields)


def test_a_site_without_depth_says_no_depth(draft):
    site = factories.site(draft, "so", depth_mm=None)
    site.refresh_from_db()

    assert " to " not in sentences.site_tail(site)


def test_the_session_reads_in_the_order_of_the_visit(draft):
    start = dt.datetime(2026, 5, 14, 14, 31, tzinfo=dt.UTC)
    factories.site(draft)
    draft.conditions.update(pain_before=6, pain_after=3)
    Measurement.objects.create(
        session=draft,
        kind="rom",
        joint="neck rotation",
        side="right",
        before="60",
        after="72.5",
        unit="degrees",
    )
    draft.started_at, draft.ended_at = start, start + dt.timedelta(minutes=27)
    draft.position, draft.skin_prep, draft.needles_out, draft.tolerance = "prone", "alcohol", 1, "well"
    draft.note, draft.next_visit_on = "Slept well.", dt.date(2026, 5, 21)

    parts = seal.parts_of(draft)
    said = sentences.session_sentences(draft, parts)
    with sealed.of_version(3):
        of_version_3 = sentences.session_sentences(draft, parts)

    how = "(27 minutes), face down, skin prepared: alcohol wipe."
    assert said[0] == f"Visit 1, May 14, 2026, 9:31 AM to 9:58 AM {how}"
    assert of_version_3[0] == f"Visit 1, 14 May 2026, 09:31 to 09:58 {how}"
    assert of_version_3[-1] == "Next visit 21 May 2026."
    assert of_version_3[1:-1] == said[1:-1]
    assert said[1].endswith(": pain 6 before, 3 after.")
    assert said[2:] == [
        "Neck rotation, right, active: 60 before, 72.5 after degrees.",
        "Needles: 1 in, 1 out.",
        "Tolerated well, no adverse event.",
        "Note: Slept well.",
        "Next visit May 21, 2026.",
    ]


def test_pain_that_was_not_asked_says_why(draft):
    draft.conditions.update(not_asked_before="asleep")

    said = sentences.session_sentences(draft, seal.parts_of(draft))

    assert "pain not asked (asleep) before, not recorded after" in said[1]
