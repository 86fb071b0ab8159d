"""What was measured before and after is compared and drawn, whatever the quantity, by visits."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import charts, factories, measuring
from treatments.models import Muscle, NeedlingSession
from treatments.rules.record import measures
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.session.parts import DraftMeasurement

KINDS = {
    "rom": ("45", "60"),
    "mmt": ("3", "4"),
    "tone": ("2", "1.5"),
    "ppt": ("2.1", "2.9"),
}
LINES = {
    "rom": {},
    "mmt": {"kind": "mmt", "motion": "extension", "unit": "grade", "device": "by hand",
            "scale": "Medical Research Council scale", "position": "sitting"},
    "tone": measuring.TONE,
    "ppt": {"kind": "ppt", "unit": "kPa", "device": "pressure algometer, 1 cm² tip", "position": "prone"},
}  # fmt: skip


@pytest.fixture
def visits(ada, therapist):
    """visits(lines) -> the page of trends after two signed sessions with these lines."""

    def sign(*lines: dict) -> None:
        for days in (14, 7):
            at = timezone.now() - dt.timedelta(days=days)
            session = factories.session(ada, therapist, opened_at=at, started_at=at)
            factories.session_condition(session, pain_before=6, pain_after=3)
            for line in lines:
                measuring.line(session, **line)
            NeedlingSession.objects.filter(pk=session.pk).update(
                signed_at=timezone.now(), signed_by=therapist
            )

    return sign


def line(kind: str) -> dict:
    before, after = KINDS[kind]
    columns = {"joint": "", "motion": "", "muscle": Muscle.objects.get(code="so")}
    of_muscle = columns if kind in ("tone", "ppt") else {}
    return {**of_muscle, **LINES[kind], "before": before, "after": after}


@pytest.mark.django_db
def test_every_quantity_is_drawn_with_its_values_before_and_after(ada, therapist, signed_in, visits):
    visits(*(line(kind) for kind in KINDS))

    page = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref])).text
    pain, *drawn = charts.of_page(page)

    assert sorted(one.rows[0][1:] for one in drawn) == [
        ["2", "1+"], ["2.1 kPa", "2.9 kPa"], ["3", "4"], ["45°", "60°"],
    ]  # fmt: skip
    assert [charts.faults(one) for one in (pain, *drawn)] == [[]] * 5
    [tone] = [one for one in drawn if one.sentence.startswith("Muscle tone")]
    assert "1+" in tone.words
    assert "1.5" not in tone.words
    assert 'id="t-measures">Measurements<' in page


@pytest.mark.django_db
def test_what_is_not_drawn_is_compared_in_words(ada, therapist, signed_in, visits):
    motions = ("flexion", "extension", "side bending", "rotation")
    sides = [("cervical spine", motion, side) for motion in motions for side in ("left", "right")]
    visits(*({"joint": j, "motion": m, "side": s, "before": "20", "after": "30"} for j, m, s in sides))

    page = signed_in(therapist).get(reverse("treatments:trends", args=[ada.ref]))

    assert len(page.context["measures"]) == measures.MAX_PICTURES == 6
    assert len(page.context["measures_told"]) == 2
    for sentence in page.context["measures_told"]:
        assert "rose from 20° to 30° over 2 visits" in sentence
        assert sentence in page.text


ROTATION = DraftMeasurement(
    1, "rom", "left", "cervical spine", "rotation", before=Decimal(40), unit="degrees",
    device="goniometer", position="sitting",
)  # fmt: skip


def test_two_lines_of_one_visit_are_one_visit():
    """Before is measured on one line and after on another."""
    after = DraftMeasurement(
        **{name: getattr(ROTATION, name) for name in ROTATION.__slots__}
        | {"pk": 2, "before": None, "after": Decimal(50)}
    )
    visit = Treatment("A", timezone.now(), measurements=(ROTATION, after))

    [picture] = measures.pictures([visit])

    assert picture.chart.sentence.endswith("rose from 40° to 50° over 1 visit")
