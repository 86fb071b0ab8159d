"""How urgent each warning sign is: by sign, place and hours; decided by a lead; the same on every page."""

import datetime as dt
import itertools
import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent, BodyRegion
from clinic.values.errors import RuleViolation
from tests import factories
from tests.catalogue_files import rows
from treatments.actions.followups import soreness, warning_levels
from treatments.models import (
    Aftercare,
    AftercareAdvice,
    LevelDecision,
    SorenessReport,
    Urgency,
    WarningSign,
    WarningSignLevel,
)
from treatments.rules.followups import aftercare
from treatments.rules.followups import warning_levels as rules
from treatments.rules.followups.warning_levels import Level, Situation
from treatments.rules.signing import readiness
from treatments.rules.sites import places
from treatments.selectors.followups import warning_levels as selectors
from treatments.selectors.session import draft as drafts

CALL, SEEN, ER, NOW = Urgency.CALL, Urgency.SEEN, Urgency.EMERGENCY_ROOM, Urgency.EMERGENCY
# Typed from the table of warning signs in the sourced facts.
ALWAYS_911 = (
    "breathless", "chest-pain", "coughing-blood", "blue-lips", "fainted", "one-side-weak", "bladder-bowel",
    "severe-headache", "stiff-neck-fever", "infection-grave",
)  # fmt: skip
ALWAYS = {
    **dict.fromkeys(ALWAYS_911, NOW),
    "growing-bruise": ER,
    "calf-swelling": ER,
    "infection": CALL,
    "other-worry": CALL,
}
BY_PLACE = {
    "numb-weak": ("spine", 48, NOW, CALL),
    "trouble-walking": ("spine", 48, NOW, CALL),
    "dry-cough": ("lung", 72, SEEN, CALL),
    "shoulder-tip": ("lung", 72, SEEN, CALL),
}
PLACES = ((), ("lung",), ("spine",), ("lung", "spine"))
SECOND = dt.timedelta(seconds=1)


def hours(count: int) -> dt.timedelta:
    return dt.timedelta(hours=count)


BOUNDS, STEPS = (24, 47, 48, 49, 71, 72, 73, 200), (-SECOND, 0 * SECOND, SECOND)
TIMES = [None, hours(0), *(hours(bound) + step for bound in BOUNDS for step in STEPS)]


@pytest.fixture(scope="module")
def table() -> list[Level]:
    return [
        Level(
            row["code"],
            row["sign"],
            row["place"],
            int(row["until_hours"]) if row["until_hours"] else None,
            int(row["urgency"]),
        )
        for row in rows("warning_sign_levels")
    ]


def expected(sign: str, needled: tuple[str, ...], since: dt.timedelta | None) -> int:
    if sign in ALWAYS:
        return ALWAYS[sign]
    place, bound, early, late = BY_PLACE[sign]
    is_early = since is None or since <= hours(bound)
    return early if place in needled and is_early else late


def test_every_sign_weighs_as_the_reports_do_in_every_place_and_hour(table):
    signs = [row["code"] for row in rows("warning_signs")]
    assert set(signs) == {*ALWAYS, *BY_PLACE}

    for sign, needled, since in itertools.product(signs, PLACES, TIMES):
        found = rules.of_sign(sign, Situation(needled, since), table)
        assert found == expected(sign, needled, since), (sign, needled, since)


def test_of_several_signs_the_gravest_acts(table):
    signs = [*ALWAYS, *BY_PLACE]
    for pair, needled in itertools.product(itertools.combinations(signs, 2), PLACES):
        situation = Situation(needled, hours(50))
        each = [rules.of_sign(sign, situation, table) for sign in pair]
        assert rules.gravest(pair, situation, table) == max(each)
    assert rules.gravest((), Situation((), None), table) is None


def test_a_sign_that_nobody_weighed_is_an_emergency(table):
    assert rules.of_sign("itching", Situation((), None), table) == NOW


def test_the_sheet_says_of_every_sign_what_a_reply_would_get(table):
    for sign, needled in itertools.product([*ALWAYS, *BY_PLACE], PLACES):
        own = [level for level in table if level.sign == sign]
        for since in TIMES[1:]:
            (stretch,) = [
                part
                for part in aftercare.stretches(needled, own)
                if (hours(part.after) < since or not part.after)
                and (part.until is None or since <= hours(part.until))
            ]
            assert stretch.urgency == rules.of_sign(sign, Situation(needled, since), own), (sign, needled)


# Places


@pytest.mark.parametrize(
    ("muscle", "region", "found"),
    [
        ("rho", None, {"lung"}),
        ("so", None, set()),
        ("lm", None, {"spine"}),
        ("tmf", None, {"lung", "spine"}),
        ("so", "b-cerv", {"spine"}),
        ("so", "b-infra", {"lung"}),
        (None, "b-rhom", {"lung", "spine"}),
        ("rho", "b-rhom", {"lung"}),
        (None, "b-lumb", {"spine"}),
        (None, "f-neck", {"lung", "spine"}),
        (None, None, {"lung", "spine"}),
    ],
)
@pytest.mark.django_db
def test_a_site_lies_over_the_lung_or_beside_the_spine_by_muscle_or_by_place(draft, muscle, region, found):
    row = BodyRegion.objects.filter(code=region).first()
    if muscle:
        site = factories.site(draft, muscle=muscle, region=row)
        assert places.of_site(site.muscle, row) == found
        assert selectors.needled_places(draft) == found
    else:
        factories.site(draft, None, unlisted_name="Coracothoracicus", region=row)
        assert places.of_site(None, row) == found
        assert selectors.needled_places(draft) == found


# Reports


def ended(draft, *, ago: int):
    """The session ended so many hours ago, and its follow-up is due."""
    at = timezone.now() - hours(ago)
    type(draft).objects.filter(pk=draft.pk).update(started_at=at - hours(1), ended_at=at)
    draft.refresh_from_db()
    return factories.followup(draft)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("muscle", "ago", "signs", "urgency"),
    [
        ("rho", 24, ["dry-cough"], SEEN),
        ("rho", 73, ["dry-cough"], CALL),
        ("so", 24, ["dry-cough"], CALL),
        ("lm", 24, ["numb-weak"], NOW),
        ("lm", 49, ["numb-weak"], CALL),
        ("lm", 49, ["numb-weak", "growing-bruise"], ER),
        ("rho", 24, ["dry-cough", "breathless"], NOW),
    ],
)
def test_a_report_keeps_what_its_gravest_sign_asked_for(draft, reception, muscle, ago, signs, urgency):
    factories.site(draft, muscle=muscle)

    report = soreness.file(ended(draft, ago=ago), by=reception, signs=dict.fromkeys(signs, "yes"))

    assert report.urgency == urgency


@pytest.mark.django_db
def test_what_is_added_later_counts_its_hours_to_the_first_report(draft, reception):
    factories.site(draft, muscle="lm")
    first = soreness.file(ended(draft, ago=47), by=reception, signs={"numb-weak": "yes"})

    with time_machine.travel(timezone.now() + hours(3), tick=False):
        newer = soreness.add(first, by=reception, now=3, signs={})

    assert (first.urgency, newer.urgency) == (NOW, NOW)


@pytest.mark.django_db
def test_a_report_without_a_sign_has_no_urgency(draft, reception):
    signs = dict.fromkeys(WarningSign.objects.current().values_list("code", flat=True), "no")
    assert soreness.file(ended(draft, ago=24), by=reception, now=2, signs=signs).urgency is None


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("muscle", "sign", "label", "told"),
    [
        ("rho", "dry-cough", "Be seen today", "Be seen by a physician today."),
        ("so", "dry-cough", "Therapist calls today", "A therapist calls you today."),
        ("lm", "numb-weak", "911 now", "call 911 or go to an emergency room now"),
        ("so", "calf-swelling", "Emergency room today", "Go to an emergency room today."),
    ],
)
def test_every_page_says_the_same_of_a_sign(
    signed_in, therapist, lead, reception, draft, muscle, sign, label, told
):
    factories.site(draft, muscle=muscle)
    followup = ended(draft, ago=24)
    soreness.file(followup, by=reception, signs={sign: "yes"})
    patient = draft.patient.get_absolute_url()
    flag = reverse("treatments:red-flag", args=[followup.ref])

    desk, own, head = signed_in(reception), signed_in(therapist), signed_in(lead)
    for client, page in (
        (own, "/"), (head, "/"), (desk, "/"), (own, "/followups/"), (desk, "/followups/"),
        (own, followup.get_absolute_url()), (desk, followup.get_absolute_url()), (own, flag), (own, patient),
    ):  # fmt: skip
        assert label in words_of(client.get(page)), page
    call = followup.get_absolute_url()
    for client, page in ((own, call), (desk, call), (own, flag)):
        assert told in words_of(client.get(page)), page


@pytest.mark.django_db
def test_each_question_of_a_call_is_marked_with_what_a_yes_asks_for(signed_in, reception, draft):
    factories.site(draft, muscle="rho")
    page = words_of(signed_in(reception).get(ended(draft, ago=24).get_absolute_url()))

    assert "Do you have a new dry cough? Be seen today" in page
    assert "Are you short of breath? 911 now" in page
    assert "Do you have new numbness or weakness? Therapist calls today" in page


@pytest.mark.django_db
def test_a_report_of_before_levels_says_911_as_it_did_then(signed_in, therapist, reception, draft, unlocked):
    soreness.file(ended(draft, ago=24), by=reception, signs={"dry-cough": "yes"})
    SorenessReport.objects.update(urgency=None)

    assert "911 now" in words_of(signed_in(therapist).get("/"))


# The lead decides


def level(code: str) -> WarningSignLevel:
    return WarningSignLevel.objects.get(code=code)


def post(client, code: str, **fields):
    url = reverse("treatments:warning-level", args=[code])
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


@pytest.mark.django_db
def test_until_a_lead_approves_the_pages_say_so_and_the_published_levels_act(
    signed_in, lead, reception, draft
):
    followup, count = ended(draft, ago=24), WarningSignLevel.objects.current().count()
    desk, head = signed_in(reception), signed_in(lead)
    sentence = f"{count} levels are proposals that no clinical lead has approved yet."
    assert sentence in words_of(desk.get(followup.get_absolute_url()))
    assert words_of(head.get(reverse("treatments:warning-levels"))).count("Not approved yet") == count

    for row in WarningSignLevel.objects.current():
        assert post(head, row.code, urgency=row.urgency).status_code == 302

    page = words_of(head.get(reverse("treatments:warning-levels")))
    assert "A clinical lead approved every level." in page
    assert f"Approved by {lead.display_name}" in page
    assert "no clinical lead has approved" not in words_of(desk.get(followup.get_absolute_url()))


@pytest.mark.django_db
def test_a_level_that_a_lead_changed_acts_with_its_reason(signed_in, lead, reception, draft):
    factories.site(draft, muscle="rho")
    followup = ended(draft, ago=24)

    response = post(signed_in(lead), "dry-cough-lung-72", urgency="4", reason="We had two cases.")

    assert response.status_code == 302
    assert soreness.file(followup, by=reception, signs={"dry-cough": "yes"}).urgency == NOW
    event = AuditEvent.objects.get(code="warning_level.decided")
    assert (event.actor, event.changes) == (lead, {"urgency": [None, 4]})
    page = words_of(signed_in(lead).get(reverse("treatments:warning-levels")))
    assert "Published: Be seen today. Changed here because: We had two cases." in page


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_changed_level_needs_a_reason_and_an_approved_one_none(signed_in, lead, reason):
    assert post(signed_in(lead), "dry-cough-lung-72", urgency="4", reason=reason).status_code == 422
    assert post(signed_in(lead), "dry-cough-lung-72", urgency="9").status_code == 422
    assert not LevelDecision.objects.exists()
    with pytest.raises(RuleViolation) as refused:
        warning_levels.decide(level("dry-cough-any"), by=lead, urgency=4, reason=reason)
    assert refused.value.codes == {"reason-missing"}


@pytest.mark.django_db
def test_the_newest_decision_acts_and_the_former_stays(lead):
    row = level("infection-any")
    warning_levels.decide(row, by=lead, urgency=3, reason="Far from any clinic.")
    warning_levels.decide(row, by=lead, urgency=1)

    (line,) = [line for line in selectors.lines() if line.code == "infection-any"]
    assert (line.level.urgency, line.is_changed, LevelDecision.objects.count()) == (1, False, 2)


def updated(row: WarningSignLevel, **changes) -> None:
    """As an update of the files changes a level, or the question of its sign."""
    columns = {name: value for name, value in changes.items() if name != "question"}
    WarningSignLevel.objects.filter(pk=row.pk).update(**columns)
    at = {"facts_changed_at": timezone.now()}
    if columns:
        WarningSignLevel.objects.filter(pk=row.pk).update(**at)
    if "question" in changes:
        WarningSign.objects.filter(pk=row.sign_id).update(question=changes["question"], **at)


def line_of(code: str):
    return next(line for line in selectors.lines() if line.code == code)


@pytest.mark.django_db
@pytest.mark.parametrize(("decided", "changes", "acts"), [
    (2, {"urgency": 4}, 4), (2, {"urgency": 1}, 2), (4, {"urgency": 3}, 4), (1, {"until_hours": 96}, 2),
    (2, {"question": "Do you cough without phlegm?"}, 2), (1, {"question": "Do you cough?"}, 2),
    (2, {"source": "another report"}, 2),
])  # fmt: skip
def test_a_level_that_an_update_changed_is_decided_anew_and_the_graver_acts(
    signed_in, lead, reception, draft, decided, changes, acts
):
    factories.site(draft, muscle="rho")
    followup, row = ended(draft, ago=24), level("dry-cough-lung-72")
    warning_levels.decide(row, by=lead, urgency=decided, reason="Ours.")
    assert line_of(row.code).level.is_approved

    updated(row, **changes)

    line, page = line_of(row.code), words_of(signed_in(lead).get(reverse("treatments:warning-levels")))
    assert (line.level.is_approved, line.level.urgency) == (False, acts)
    assert f"Changed by an update since {lead.display_name} decided. Decide it anew." in page
    asked = selectors.asked_in(Situation(("lung",), hours(24)))
    assert [sign.urgency for sign in asked if sign.code == "dry-cough"] == [acts]
    assert "no clinical lead has approved" in words_of(signed_in(reception).get(followup.get_absolute_url()))


@pytest.mark.django_db
def test_a_decision_after_the_update_acts_as_it_is(signed_in, lead):
    row = level("dry-cough-lung-72")
    warning_levels.decide(row, by=lead, urgency=4, reason="Two cases.")
    updated(row, urgency=1)
    assert post(signed_in(lead), row.code, urgency="1").status_code == 302

    line = line_of(row.code)
    assert (line.level.is_approved, line.level.urgency, line.is_changed) == (True, 1, False)


@pytest.mark.django_db
def test_a_decision_about_another_level_stays_when_an_update_changes_this_one(lead):
    for code in ("dry-cough-lung-72", "dry-cough-any"):
        warning_levels.decide(level(code), by=lead, urgency=level(code).urgency)
    updated(level("dry-cough-lung-72"), urgency=4)

    assert line_of("dry-cough-any").level.is_approved


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["therapist", "reception", "admin"])
def test_only_a_lead_weighs_the_signs(request, signed_in, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("treatments:warning-levels")).status_code == 403
    assert post(client, "infection-any", urgency="1").status_code == 403


@pytest.mark.django_db
def test_the_page_says_that_no_cut_off_of_soreness_is_published(signed_in, lead):
    assert "no cut-off is published" in words_of(signed_in(lead).get(reverse("treatments:warning-levels")))


# The sheet


@pytest.mark.django_db
def test_the_sheet_has_the_first_hours_of_what_was_needled_and_the_levels_there(signed_in, therapist, draft):
    factories.site(draft, muscle="rho")
    page = signed_in(therapist).get(reverse("treatments:session-aftercare", args=[draft.ref]))
    words = words_of(page)

    assert [item.code for item in page.context["first_hours"]] == ["first-hours-lung"]
    assert "New dry cough, in the first 72 hours" in words
    assert "New dry cough, after the first 72 hours" in words
    assert "New numbness or weakness" in words
    groups = {group.urgency: group.signs for group in page.context["signs"]}
    assert "Short of breath" in groups[NOW]
    assert "New numbness or weakness" in groups[CALL]
    assert AuditEvent.objects.filter(code="aftercare.opened").count() == 1


@pytest.mark.django_db
def test_a_level_that_a_lead_changed_stands_on_the_sheet(signed_in, therapist, lead, draft):
    warning_levels.decide(level("infection-any"), by=lead, urgency=3, reason="Far from any clinic.")

    page = signed_in(therapist).get(reverse("treatments:session-aftercare", args=[draft.ref]))

    groups = {group.urgency: group.signs for group in page.context["signs"]}
    assert "Fever or infected area" in groups[ER]


@pytest.mark.django_db
def test_handing_the_sheet_over_is_on_record_and_nothing_is_sent(signed_in, therapist, draft, mailoutbox):
    factories.site(draft, muscle="tmf")
    client = signed_in(therapist)
    url = reverse("treatments:session-aftercare", args=[draft.ref])
    assert "Handed over, record it" in words_of(client.get(url))

    response = client.post(reverse("treatments:aftercare-given", args=[draft.ref]))

    given = set(draft.aftercare.filter(given_by=therapist).values_list("item__code", flat=True))
    assert response.url == draft.get_absolute_url()
    assert {"first-hours-lung", "first-hours-spine", "call-signs", "drink-water"} <= given
    assert "On record: the advice was handed over." in words_of(client.get(url))
    assert not mailoutbox


@pytest.mark.django_db
def test_a_sheet_of_a_site_elsewhere_has_no_first_hours(signed_in, therapist, draft):
    factories.site(draft, muscle="so")
    page = signed_in(therapist).get(reverse("treatments:session-aftercare", args=[draft.ref]))
    assert page.context["first_hours"] == ()


@pytest.mark.django_db
@pytest.mark.parametrize(("muscle", "asks"), [("rho", True), ("lm", True), ("so", False)])
def test_advice_for_the_first_hours_is_ticked_before_signing(draft, therapist, muscle, asks):
    factories.site(draft, muscle=muscle)
    codes = {reason.code for reason in readiness.sign_reasons(readiness.facts_for(drafts.whole(draft.pk)))}
    assert ("first-hours-missing" in codes) is asks

    for item in drafts.whole(draft.pk).first_hours:
        row = AftercareAdvice.objects.get(code=item.code)
        Aftercare.objects.create(
            session=draft, item=row, text="x", given_at=timezone.now(), given_by=therapist
        )

    after = {reason.code for reason in readiness.sign_reasons(readiness.facts_for(drafts.whole(draft.pk)))}
    assert "first-hours-missing" not in after


@pytest.mark.django_db
def test_a_site_that_comes_brings_its_first_hours_to_the_open_page(signed_in, therapist, draft):
    client = signed_in(therapist)
    assert "advice-first-hours-lung" not in client.get(draft.get_absolute_url()).content.decode()
    site = {
        "muscle": "rho", "side": "left", "insertions": "3", "twitches": "2", "depth_mm": "12",
        "needle": "0.30x40", "technique": "in_out", "tissue": "trigger_point", "key": uuid.uuid4().hex,
        "client_id": uuid.uuid4().hex, "seq": "1", "base_version": "0",
    }  # fmt: skip

    answer = client.post(
        reverse("treatments:site-add", args=[draft.ref]), site, headers={"X-Live": "1"}
    ).json()

    assert 'data-field="advice-first-hours-lung"' in answer["parts"]["first-hours"]
    assert answer["versions"] == {"advice-first-hours-lung": 0}
