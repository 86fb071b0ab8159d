"""What is measured names quantity, unit, device, joint, motion, manner, side and position from lists."""

import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from clinic.models import AuditEvent
from tests import measuring
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.models import Measurement, NeedlingSession, Seal
from treatments.models.session.measured import Joint, Motion, Unit
from treatments.rules.record import measures
from treatments.rules.record.patient_sessions import Treatment
from treatments.rules.session import measuring as rules
from treatments.rules.session import sentences
from treatments.rules.session.parts import DraftMeasurement
from treatments.rules.signing import seal
from treatments.selectors.signing import seal as seals

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, draft):
    return signed_in(draft.therapist)


@pytest.mark.parametrize(
    ("kind", "values", "sentence"),
    [
        ("rom", ("45", "60.5"),
         "Knee flexion, left, active, goniometer, supine: 45 before, 60.5 after degrees."),
        ("mmt", ("3", "4"),
         "Muscle strength of knee extension, left, Medical Research Council scale, sitting: "
         "3 before, 4 after."),
        ("tone", ("2", "1+"),
         "Muscle tone of Soleus, right, Modified Ashworth scale, supine: 2 before, 1+ after."),
        ("ppt", ("2,1", "2.9"),
         "Pressure pain threshold of Soleus, right, pressure algometer, 1 cm² tip, prone: "
         "2.1 before, 2.9 after kg/cm²."),
    ],
)  # fmt: skip
def test_each_quantity_is_added_and_reads_whole(client, draft, kind, values, sentence):
    before, after = values

    answer = client.post(measuring.url(draft, kind), measuring.typed(kind, before=before, after=after))

    assert (answer.status_code, answer.url) == (302, f"{draft.get_absolute_url()}#measurements")
    assert sentences.measurement_sentence(draft.measurements.get()) == sentence
    assert AuditEvent.objects.filter(code="session.field_saved").count() == 1


@pytest.mark.parametrize(
    ("kind", "field", "word"),
    [(kind, name.removeprefix("measurement-"), word) for kind in rules.QUANTITIES
     for name in measuring.typed(kind) for word in ("", "nonsense") if name != "measurement-kind"],
)  # fmt: skip
def test_what_is_missing_or_not_in_the_list_is_refused_with_all_that_was_typed(
    client, draft, kind, field, word
):
    sent = measuring.typed(kind, **{"before": "3", "remark": "knee straight, 30°", field: word})

    answer = client.post(measuring.url(draft, kind), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    for name in ("before", "remark"):
        assert answer.context["form"][name].value() == sent[f"measurement-{name}"]
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("kind", "changes", "good", "bad"),
    [
        ("rom", {}, ("-90", "0", "200"), ("-90.01", "200.01", "1e9", "12:30", "NaN")),
        ("ppt", {}, ("0", "20"), ("-0.01", "20.01")),
        ("ppt", {"unit": "kPa"}, ("0", "2000"), ("-1", "2000.01")),
        ("mmt", {}, ("0", "1", "2", "3", "4", "5"), ("6", "4.5", "1+", "-1")),
        ("tone", {}, ("0", "1", "1+", "2", "3", "4"), ("5", "2+", "1.7")),
        ("tone", {"scale": "Ashworth scale"}, ("0", "4"), ("1+", "5")),
    ],
)
def test_values_have_limits_by_quantity_unit_and_scale(client, draft, kind, changes, good, bad):
    for value in bad:
        answer = client.post(measuring.url(draft, kind), measuring.typed(kind, **changes, after=value))
        assert (answer.status_code, value) == (422, value)
        assert answer.context["form"]["after"].value() == value
    for value in good:
        answer = client.post(measuring.url(draft, kind), measuring.typed(kind, **changes, after=value))
        assert (answer.status_code, value) == (302, value)
    assert draft.measurements.count() == len(good)


@pytest.mark.parametrize("joint", Joint)
def test_a_joint_has_its_own_motions(client, draft, joint):
    others = set(Motion) - set(rules.MOTIONS[joint])
    for motion in others:
        sent = measuring.typed(joint=joint.value, motion=motion.value)
        answer = client.post(measuring.url(draft), sent)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["motion"]
    assert rules.MOTIONS[joint]
    assert not rules.motion_reasons(joint.value, rules.MOTIONS[joint][0].value)


@pytest.mark.parametrize(("kind", "shown"), [("rom", "45"), ("tone", "1+"), ("ppt", "2.1")])
def test_a_value_is_corrected_on_the_session_page_within_the_same_limits(client, draft, kind, shown):
    client.post(measuring.url(draft, kind), measuring.typed(kind, before=shown))
    row = draft.measurements.get()
    name = f"measure_before-{row.pk}"

    assert f'value="{shown}' in client.get(draft.get_absolute_url()).text
    refused = client.post(draft.get_absolute_url(), {name: "9999", "client_id": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert 'value="9999"' in refused.text
    row.refresh_from_db()
    assert row.before != 9999


def test_a_line_of_an_earlier_release_reads_and_saves_as_before(client, draft):
    old = {"joint": "Neck rotation", "motion": "", "device": "", "position": ""}
    row = measuring.line(draft, before=300, **old)
    tone = measuring.line(draft, before=2, kind="tone", unit="of 4", scale="Modified Ashworth 0 to 4", **old)
    force = measuring.line(draft, before=25, kind="ppt", unit="N", **old)

    assert [sentences.measurement_sentence(line) for line in (row, tone, force)] == [
        "Neck rotation, left, active: 300 before, not measured after degrees.",
        "Muscle tone of Neck rotation, left, Modified Ashworth 0 to 4: 2 before, not measured after of 4.",
        "Pressure pain threshold of Neck rotation, left: 25 before, not measured after N.",
    ]
    sent = {f"measure_after-{row.pk}": "310", "client_id": str(uuid.uuid4())}
    saved = client.post(draft.get_absolute_url(), sent)
    assert saved.status_code == 302
    row.refresh_from_db()
    assert row.after == Decimal(310)


def test_a_sealed_note_keeps_its_bytes_and_agrees(draft, therapist):
    """Sealed before lines had a remark: what the seal does not know was not signed."""
    measuring.line(draft, before=40, joint="neck", motion="rotation", device="", position="")
    signature.sign(notes.ready(draft), by=therapist, proved=True, identity_checked=True)
    sealed = Seal.objects.get(session=draft)
    kept = sealed.text
    earlier = seal.read(sealed)
    for row in earlier["locked"]["measurements"]:
        del row["remark"]
    [again] = seals.with_locked_rows(NeedlingSession.objects.filter(pk=draft.pk))
    now = seals.locked_values(again)
    text = seal.canonical(earlier)

    assert seal.check(text, seal.digest(text), now).agrees
    assert Seal.objects.get(session=draft).text == kept


ROTATION = DraftMeasurement(
    1, "rom", "left", "cervical spine", "rotation", before=Decimal(40), after=Decimal(50), unit="degrees",
    device="goniometer", position="sitting",
)  # fmt: skip
PRESSURE = DraftMeasurement(
    2, "ppt", "left", muscle_name="Soleus", before=Decimal(2), after=Decimal(3), unit="kg/cm²",
    device="pressure algometer, 1 cm² tip", position="prone",
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "other"),
    [
        (ROTATION, {"kind": "mmt"}), (ROTATION, {"joint": "lumbar spine"}), (ROTATION, {"motion": "flexion"}),
        (ROTATION, {"active": False}), (ROTATION, {"side": "right"}), (ROTATION, {"device": "inclinometer"}),
        (ROTATION, {"position": "supine"}), (PRESSURE, {"unit": "kPa"}), (PRESSURE, {"unit": "N"}),
        (PRESSURE, {"device": "pressure algometer, 0.5 cm² tip"}), (PRESSURE, {"muscle_name": "Masseter"}),
    ],
)  # fmt: skip
def test_only_what_was_measured_alike_is_one_picture(row, other):
    visits = [Treatment("A", timezone.now(), measurements=(row,)) for _ in range(2)]
    different = DraftMeasurement(**{**{name: getattr(row, name) for name in row.__slots__}, **other})
    third = Treatment("B", timezone.now(), measurements=(different,))

    found = measures.by_what([*visits, third])

    assert sorted(len(rows) for rows in found.values()) == [1, 2]


def test_a_remark_stands_beside_and_separates_nothing():
    plain = DraftMeasurement(**{name: getattr(ROTATION, name) for name in ROTATION.__slots__})
    remarked = DraftMeasurement(
        **{**{name: getattr(ROTATION, name) for name in ROTATION.__slots__}, "remark": "stopped by pain"}
    )

    found = measures.by_what([Treatment("A", timezone.now(), measurements=(plain, remarked))])

    assert [len(rows) for rows in found.values()] == [2]
    assert sentences.measurement_sentence(remarked).endswith("degrees. Remark: stopped by pain")


def test_pressure_has_an_area():
    assert {str(unit) for unit in rules.QUANTITIES["ppt"].units} == {"kg/cm²", "kPa"}
    assert "N" not in Unit.values


def test_add_then_another_stays_on_the_page(client, draft):
    answer = client.post(measuring.url(draft), {**measuring.typed(), "again": "yes"})

    assert answer.url == measuring.url(draft)


def test_a_line_is_of_the_quantity_of_its_page(client, draft):
    client.post(measuring.url(draft), {**measuring.typed(), "measurement-kind": "tone"})

    assert Measurement.objects.get().kind == "rom"


def test_a_quantity_that_nobody_measures_is_no_page(client, draft):
    assert client.get(measuring.url(draft, "weight")).status_code == 404


def test_the_same_lines_read_alike_from_the_statement(client, draft):
    client.post(measuring.url(draft, "tone"), measuring.typed("tone", after="1+", remark="knee bent"))

    page = client.get(draft.get_absolute_url()).text

    assert "Muscle tone of Soleus, right, Modified Ashworth scale, supine" in page
    assert "knee bent" in page
