"""Sites over the lung in the product: entry, follow-up, proposals, and the limits of the practice."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.models import BodyRegion
from tests import factories
from tests.treatments import notes
from treatments.actions.followups import soreness
from treatments.models import Muscle, WarningSign
from treatments.rules.session import page_parts
from treatments.rules.signing import readiness
from treatments.rules.sites import depth_bound, depth_limits, needled_site, origins, over_lung
from treatments.selectors.session import draft as drafts
from treatments.selectors.sites import depth_limits as limit_selectors
from treatments.selectors.sites import entry

pytestmark = pytest.mark.django_db
DAY = "2026-03-02"


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


@pytest.fixture
def add(draft, client):
    def post(**changes):
        typed = {
            "key": str(uuid.uuid4()), "muscle": "is", "side": "right", "insertions": "2", "twitches": "1",
            "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point", "depth_mm": "8", **changes,
        }  # fmt: skip
        return client.post(reverse("treatments:site-add", args=[draft.ref]), typed)

    return post


@pytest.mark.parametrize(("region", "is_asked"), [("", True), ("b-sol", False), ("b-mid", False)])
def test_an_unlisted_muscle_without_a_place_is_asked_where_it_lies(add, draft, region, is_asked):
    add(muscle="Coracothoracicus", region=region)

    assert draft.sites.get().muscle is None
    assert ("place-unknown" in open_rules(draft)) is is_asked


def open_rules(draft) -> set[str]:
    return {reason.code for reason in readiness.sign_reasons(notes.sign_facts(draft))}


@pytest.mark.parametrize(
    "place", [{"muscle": "is"}, {"muscle": "Coracothoracicus", "region": "b-mid"}, {"muscle": "tm"}]
)
def test_a_place_over_the_lung_asks_for_the_depth(add, draft, place):
    refused = add(**place, depth_mm="")
    assert refused.status_code == 422
    assert "Enter the depth in mm. This place lies over the lung." in refused.text

    assert add(**place).status_code == 302
    assert "depth-over-published" not in open_rules(draft)


def test_an_unlisted_muscle_elsewhere_asks_for_none(add, draft):
    assert add(muscle="Coracothoracicus", region="b-sol", depth_mm="").status_code == 302


@pytest.mark.parametrize(
    ("limit", "approved_by", "shown"),
    [(None, "", (20, None)), (40, "", (20, None)), (15, "", (16, 15)), (40, "Dr. H. Oduya", (41, 40))],
)
def test_what_is_drawn_while_a_depth_is_typed_is_what_is_judged_once_it_is_kept(
    draft, limit, approved_by, shown
):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=limit, limit_approved_by=approved_by)
    site = factories.site(draft, "rho", depth_mm=9)
    [row] = [row for row in entry.muscle_options([]) if row["code"] == "rho"]
    bound = depth_bound.of(needled_site.from_row(site))

    assert (row["lung"], row["limit"]) == shown
    assert (bound.asks_from_mm, bound.mm if bound.is_limit else None) == shown


def test_both_sides_of_infraspinatus_are_both_sides_of_the_thorax(add, draft):
    add(side="both")

    assert "both-lungs" in open_rules(draft)


def test_a_site_over_the_lung_shows_what_is_published_and_asks_beyond_it(add, draft, client):
    add(muscle="rho", depth_mm="19")
    quiet = client.get(draft.get_absolute_url()).text
    assert str(over_lung.RHOMBOID.text) in quiet
    assert str(over_lung.RHOMBOID.source) in quiet
    assert "depth-over-published" not in open_rules(draft)

    draft.sites.update(depth_mm=20)
    asking = client.get(draft.get_absolute_url()).text
    assert "20 mm over the lung, and the practice approved no limit here." in asking
    assert asking.count(str(over_lung.RHOMBOID.text)) == 1
    assert "depth-over-published" in open_rules(draft)


def test_an_approved_limit_takes_the_place_of_what_is_published(add, draft):
    Muscle.objects.filter(code="rho").update(
        depth_limit_mm=25, limit_approved_by="Dr. H. Oduya", limit_approved_on=DAY
    )
    add(muscle="rho", depth_mm="25")
    [row] = page_parts.site_rows(drafts.whole(draft.pk))

    assert (row.depth_note, row.prompts) == ("", [])


def test_a_draft_of_before_asks_for_its_depth(draft):
    factories.site(draft, "is", region=BodyRegion.objects.get(code="b-infra"), depth_mm=None)

    assert "site-depth-missing" in open_rules(draft)


def raised(draft, *, by):
    signs = {row.code: "yes" if row.code == "breathless" else "no" for row in WarningSign.objects.current()}
    call = factories.followup(draft)
    soreness.file(call, by=by, now=2, signs=signs)
    return call


@pytest.mark.parametrize(("region", "is_over"), [("b-infra", True), ("b-sol", False), ("", True)])
def test_calls_and_red_flags_know_a_site_over_the_lung_by_its_place(
    draft, client, reception, region, is_over
):
    place = BodyRegion.objects.filter(code=region).first()
    factories.site(draft, None, unlisted_name="Coracothoracicus", region=place, depth_mm=8)
    call = raised(draft, by=reception)

    flag = client.get(reverse("treatments:red-flag", args=[call.ref])).text
    shown = client.get(call.get_absolute_url()).text

    assert ("A site over the lung was needled" in flag) is is_over
    assert ("kind=pneumothorax" in flag) is is_over
    assert (
        "Over the lung, or at a place nobody picked: a chest sign is a punctured lung" in shown
    ) is is_over


def test_the_desk_is_not_told_where_somebody_was_needled(draft, signed_in, reception):
    factories.site(draft, "rho", depth_mm=8)
    call = factories.followup(draft)

    assert "Over the lung" not in signed_in(reception).get(call.get_absolute_url()).text


# What is proposed


def offered(draft, **more) -> dict[str, dict]:
    habits = entry.habits(draft.patient_id, of=draft.therapist)
    return {row["code"]: row for row in entry.muscle_options(*habits, **more)}


def elsewhere(reception, therapist, *codes: str, **fields) -> None:
    """Sites of the same therapist in another patient."""
    other = factories.session(factories.patient(reception, family_name="Otherwood"), therapist)
    for code in codes:
        factories.site(other, code, **fields)


def test_no_needle_over_the_lung_is_proposed_from_another_patient(draft, reception, therapist):
    elsewhere(reception, therapist, "rho", "is", "so", length_mm=50, technique="static", dwell_seconds=480)

    found = offered(draft)
    near = {code: row for code, row in found.items() if row["near_lung"]}

    assert len(near) >= 30
    assert {(row["needle"], row["needle_from"], row["technique"]) for row in near.values()} == {
        ("", "", "in_out")
    }
    assert (found["so"]["needle"], found["so"]["technique"]) == ("0.30x50", "static")
    assert found["vl"]["needle_from"] == origins.NEEDLE


def test_over_the_lung_the_same_patients_last_site_is_proposed_and_named(draft, other_therapist):
    past = factories.session(draft.patient, other_therapist)
    factories.site(past, "rho", length_mm=30, depth_mm=15)

    row = offered(draft)["rho"]

    assert (row["needle"], row["depth"]) == ("0.30x30", "")
    assert row["source"] == f"{origins.HERE}@{timezone.localdate().isoformat()}"


def test_what_came_from_elsewhere_counts_as_typed_over_the_lung():
    said = "needle:hand@2026-05-05,technique:needle,tissue:usual"

    assert origins.parse(said, over_lung=True) == {"needle": "typed", "technique": "typed", "tissue": "usual"}
    assert origins.parse("needle:usual", over_lung=True) == {"needle": "typed"}
    assert origins.parse("needle:here@2026-05-05", over_lung=True) == {"needle": "here@2026-05-05"}


@pytest.mark.parametrize("answer", ["pacemaker", "epilepsy", "blood-thinner"])
def test_no_technique_of_an_earlier_site_is_proposed_against_a_health_answer(draft, client, answer):
    past = factories.session(draft.patient, draft.therapist)
    factories.site(past, "so", technique="stimulated", dwell_seconds=600, tissue="fascia", length_mm=30)
    draft.screening = factories.screening(draft.patient, draft.therapist, answers={answer: "yes"})
    draft.save(update_fields=["screening"])

    shown = {row["code"]: row for row in client.get(draft.get_absolute_url()).context["muscles"]}["so"]

    assert (shown["technique"], shown["dwell"], shown["tissue"]) == ("in_out", "", "trigger_point")
    assert shown["needle"] == "0.30x30"
    assert drafts.site_entry(draft.therapist, draft.ref).health_answers == {answer}


def test_a_line_does_not_take_stimulation_from_an_earlier_site_against_a_health_answer(draft, client):
    past = factories.session(draft.patient, draft.therapist)
    factories.site(past, "so", technique="stimulated", dwell_seconds=600)
    draft.screening = factories.screening(draft.patient, draft.therapist, answers={"pacemaker": "yes"})
    draft.save(update_fields=["screening"])
    address = reverse("treatments:site-line", args=[draft.ref])
    line = {"line-line": "so r 2 t1 0.30x40", "line-key": str(uuid.uuid4())}

    assert client.post(address, line).status_code == 302
    queued = {"row": f"line-line=so+l+2+t1+0.30x40&line-key={uuid.uuid4()}"}
    assert (
        client.post(
            reverse("treatments:site-add", args=[draft.ref]), queued, headers={"X-Live": "1"}
        ).status_code
        == 200
    )
    assert set(draft.sites.values_list("side", "technique")) == {("right", "in_out"), ("left", "in_out")}


# The limits of the practice


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, set()),
        ({"depth_limit_mm": 0}, {"depth-beyond-needles"}),
        ({"depth_limit_mm": 1}, set()),
        ({"depth_limit_mm": 150}, set()),
        ({"depth_limit_mm": 151}, {"depth-beyond-needles"}),
        ({"depth_limit_mm": 900}, {"depth-beyond-needles"}),
        ({"usual_depth_mm": 151, "depth_limit_mm": 150}, {"depth-beyond-needles", "usual-over-limit"}),
        ({"usual_depth_mm": 19}, set()),
        ({"usual_depth_mm": 20}, {"usual-over-limit"}),
        ({"approved_on": timezone.datetime(2026, 3, 3).date()}, {"approved-in-future"}),
        ({"approved_by": " "}, {"approval-missing"}),
        ({"approved_on": None}, {"approval-missing"}),
        ({"approved_by": "", "approved_on": None, "is_changed": False}, set()),
        ({"approved_by": "", "approved_on": None, "depth_limit_mm": None}, set()),
        ({"depth_limit_mm": None}, {"approval-of-nothing"}),
        ({"depth_limit_mm": None, "approved_on": None}, {"approval-of-nothing"}),
        ({"depth_limit_mm": None, "is_changed": False}, set()),
    ],
)
def test_a_limit_makes_sense(changes, codes):
    today = timezone.datetime(2026, 3, 2).date()
    given = {"depth_limit_mm": 19, "approved_by": "Dr. H. Oduya", "approved_on": today, **changes}

    found = depth_limits.reasons(depth_limits.MuscleLimits(**given), today=today)

    assert {reason.code for reason in found} == codes
    assert all(reason.field for reason in found)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"depth_limit_mm": "900"}, "Enter 1 to 150 mm. No needle is longer."),
        ({"limit_approved_on": "2999-01-01"}, "This day has not come yet."),
        ({"limit_approved_by": ""}, "A new limit needs who approved it and when."),
        ({"depth_limit_mm": ""}, "There is no limit that this approves."),
    ],
)
def test_the_administration_refuses_a_limit_that_makes_no_sense(signed_in, admin, changes, sentence):
    muscle = Muscle.objects.get(code="rho")
    address = reverse("admin:treatments_muscle_change", args=[muscle.pk])
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": DAY}
    typed = {"depth_limit_mm": "19", **approved, **changes, "_save": "1"}

    refused = signed_in(admin).post(address, typed)

    assert refused.status_code == 422
    assert sentence in refused.text
    muscle.refresh_from_db()
    assert muscle.depth_limit_mm is None


@pytest.mark.parametrize(
    ("changes", "is_refused"),
    [
        ({}, True),
        ({"limit_approved_on": "2026-03-09"}, False),
        ({"limit_approved_by": "Dr. B. Kim"}, False),
        ({"depth_limit_mm": "19"}, False),
    ],
)
def test_a_changed_limit_does_not_stand_under_the_approval_of_the_former_one(
    signed_in, admin, changes, is_refused
):
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": DAY}
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19, **approved)
    muscle = Muscle.objects.get(code="rho")
    address = reverse("admin:treatments_muscle_change", args=[muscle.pk])

    answer = signed_in(admin).post(address, {"depth_limit_mm": "60", **approved, **changes, "_save": "1"})

    assert ("This approval was given for another limit" in answer.text) is is_refused
    muscle.refresh_from_db()
    assert muscle.depth_limit_mm == (19 if is_refused else int(changes.get("depth_limit_mm", 60)))


def test_a_limit_may_be_corrected_on_the_day_of_its_approval():
    day = timezone.datetime(2026, 3, 2).date()
    given = {"depth_limit_mm": 19, "approved_by": "Dr. H. Oduya", "approved_on": day}
    limits = depth_limits.MuscleLimits(**given, is_approval_of_former=True)

    assert depth_limits.reasons(limits, today=day) == []
    [reason] = depth_limits.reasons(limits, today=timezone.datetime(2026, 3, 3).date())
    assert (reason.code, reason.field) == ("approval-of-former", "limit_approved_on")


@pytest.mark.parametrize("column", ["depth_limit_mm", "usual_depth_mm"])
def test_no_table_holds_a_depth_that_no_needle_has(column):
    with pytest.raises(IntegrityError, match="muscle_depths_fit_a_needle"), transaction.atomic():
        Muscle.objects.filter(code="rho").update(**{column: 151})


def test_the_set_up_lists_muscles_over_the_lung_until_each_has_an_approved_limit(signed_in, admin, lead):
    waiting = {muscle.code for muscle in limit_selectors.without_limit(entry.CURRENT_MUSCLES())}
    assert {"rho", "is", "les", "scm", "ql"} <= waiting
    assert not {"so", "vl", "gmed", "rcpma"} & waiting

    board = signed_in(admin).get(reverse("treatments:today")).text
    rhomboid = Muscle.objects.get(code="rho")
    address = reverse("admin:treatments_muscle_change", args=[rhomboid.pk])
    assert "Over the lung, no approved limit" in board
    assert f'href="{address}"' in board
    to_the_lead = signed_in(lead).get(reverse("treatments:today")).text
    assert "Rhomboid major" in to_the_lead
    assert address not in to_the_lead

    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    assert "rho" in {muscle.code for muscle in limit_selectors.without_limit(entry.CURRENT_MUSCLES())}
    approved = {"limit_approved_by": "Dr. H. Oduya", "limit_approved_on": DAY}
    Muscle.objects.filter(code="rho").update(**approved)
    assert "rho" not in {muscle.code for muscle in limit_selectors.without_limit(entry.CURRENT_MUSCLES())}

    Muscle.objects.filter(code__in=waiting).update(depth_limit_mm=19, **approved)
    assert "no approved limit" not in signed_in(admin).get(reverse("treatments:today")).text
