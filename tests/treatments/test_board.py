"""The board as each role sees it."""

import datetime as dt
import html
import json
import re

import pytest
from django.db import connection
from django.utils import timezone

from clinic import formats
from clinic.models import Role
from patients.actions import consents
from patients.models import DiagnosisFamily, Patient, StampWithdrawal
from tests import factories
from tests.statements import BUDGET, as_lines, data_statements
from treatments.actions.followups import soreness
from treatments.models import ErrorMark, NeedlingSession, RedFlag, SorenessReport, WarningSign

REFUSED = {"given_at": None, "given_by": None, "expires_on": None, "signature": "", "signer_name": ""}


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def counts_of(response) -> dict[str, int]:
    return {counter.name: counter.count for counter in response.context["places"] + response.context["jobs"]}


def lines(response) -> dict:
    return {row["line"].visit.patient.ref: row["line"] for row in response.context["rows"]}


def test_the_board_says_who_is_expected_and_what_comes_next(desk, ada, therapist):
    visit = factories.visit(ada, therapist)
    response = desk.get("/")
    line = lines(response)[ada.ref]
    assert (line.is_new, line.number, line.step.code) == (True, 1, "arrive")
    assert (line.screening.code, line.consent.code) == ("screening-missing", "consent-missing")
    page = response.content.decode()
    assert f"/visits/{visit.ref}/step/" in page
    assert "New patient" in page


def test_visits_made_before_count(desk, ada, therapist):
    factories.episode(ada, therapist, visits_before=6)
    earlier = factories.arrived(ada, therapist, booked_for=timezone.now() - dt.timedelta(days=7))
    factories.session(ada, therapist, visit=earlier)
    factories.visit(ada, therapist)
    assert lines(desk.get("/"))[ada.ref].number == 8


def test_namesakes_of_the_day_are_marked(desk, ada, therapist, reception):
    twin = factories.patient(reception, family_name="Examplewood", given_name="Ada", born=dt.date(1950, 1, 1))
    other = factories.patient(reception)
    for person in (ada, twin, other):
        factories.visit(person, therapist)
    response = desk.get("/")
    assert {ref for ref, line in lines(response).items() if line.namesake} == {ada.ref, twin.ref}
    assert "born Jan 1, 1950" in response.content.decode()


def test_the_counters_filter(desk, ada, therapist, reception):
    factories.arrived(ada, therapist)
    gone = factories.arrived(factories.patient(reception), therapist)
    gone.left_at, gone.left_by = timezone.now(), reception
    gone.save(update_fields=["left_at", "left_by"])
    factories.visit(factories.patient(reception), therapist)

    everything = desk.get("/")
    assert counts_of(everything) == {
        "waiting": 1,
        "room": 0,
        "consent": 2,
        "ask": 2,
        "left": 1,
    }
    assert set(lines(desk.get("/?show=waiting"))) == {ada.ref}
    assert set(lines(desk.get("/?show=left"))) == {gone.patient.ref}
    assert len(lines(desk.get("/?show=nonsense"))) == 2
    assert [row["line"].visit for row in everything.context["gone"]] == [gone]


@pytest.fixture
def screened(therapist, reception):
    """One visit each: to ask, to review, a stop, and one that needs nothing any more."""

    def booked(**answers):
        patient = factories.patient(reception)
        factories.visit(patient, therapist)
        if answers:
            factories.screening(patient, therapist, **answers)
        return patient

    unreviewed = {"decided_level": "", "decision": "", "reviewed_at": None, "reviewed_by": None}
    return {
        "ask": booked(),
        "review": booked(computed_level="caution", **unreviewed),
        "stop": booked(computed_level="stop", **unreviewed),
        "": booked(computed_level="caution", decided_level="caution"),
    }


def test_each_counter_of_the_health_questions_shows_whose_row_it_counts(desk, screened):
    for name in ("ask", "review", "stop"):
        response = desk.get(f"/?show={name}")
        assert set(lines(response)) == {screened[name].ref}
        assert counts_of(response)[name] == 1


@pytest.mark.parametrize(
    ("who", "mine", "theirs"),
    [
        (Role.FRONT_DESK, {"No valid consent", "To ask"}, {"To review, therapist", "Stop, therapist"}),
        (Role.LEAD, {"To review", "Stop"}, {"No valid consent, desk", "To ask, desk"}),
        (Role.THERAPIST, {"No valid consent", "To ask", "To review", "Stop"}, set()),
    ],
)
def test_a_job_is_the_readers_own_or_says_whose_it_is(screened, signed_in, who, mine, theirs):
    jobs = signed_in(factories.user(None, who)).get("/?all=1").context["jobs"]
    assert {counter.label for counter in jobs if counter.kind} == mine
    assert {counter.label for counter in jobs if not counter.kind} == theirs


def test_somebody_elses_job_is_not_shown_where_there_is_none(desk):
    assert {"review", "stop"} & counts_of(desk.get("/")).keys() == set()


def test_no_job_counts_a_record_that_is_closed_to_the_reader(desk, ada, therapist, lead):
    factories.visit(ada, therapist)
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])
    response = desk.get("/")
    assert (counts_of(response)["ask"], counts_of(response)["consent"]) == (0, 0)
    assert len(lines(response)) == 1


def test_each_row_without_a_valid_consent_says_which_of_the_reasons_it_is(desk, therapist, reception):
    expected = {}
    for changes, label in (
        (None, "Missing"),
        ({"expires_on": timezone.localdate() - dt.timedelta(days=1)}, "Expired"),
        ({}, "Withdrawn"),
        (REFUSED | {"refused_at": timezone.now(), "refused_by": reception}, "Refused"),
    ):
        patient = factories.patient(reception)
        factories.visit(patient, therapist)
        if changes is not None:
            consent = factories.consent(patient, therapist, **changes)
            if label == "Withdrawn":
                consents.withdraw(consent, by=reception, reason="Prefers exercise.")
        expected[patient.ref] = label

    response = desk.get("/?show=consent")

    assert {ref: line.consent.label.split()[0] for ref, line in lines(response).items()} == expected
    page = response.content.decode()
    assert all(label in page for label in expected.values())


def verbs_of(page: str) -> list[str]:
    """The verb of each button of a call, in the order of the page."""
    found = re.findall(r"#i-phone\"/></svg>(Call now|Call)<span|>\s*(Open)<span", page)
    return ["".join(words) for words in found]


@pytest.mark.parametrize("reads", [False, True])
def test_board_and_call_list_have_the_same_verb_for_the_same_row(
    draft, reception, therapist, signed_in, reads
):
    signs = {row.code: "no" for row in WarningSign.objects.current()}
    for step, answers in ((24, {"signs": {"breathless": "yes"}}), (48, {"now": 9, "signs": signs}), (72, {})):
        call = factories.followup(draft, step=step)
        if answers:
            soreness.file(call, by=therapist, **answers)
    client = signed_in(therapist if reads else reception)

    board = client.get("/?all=1").content.decode()
    due = board[board.index('aria-labelledby="fu"') : board.index('aria-labelledby="lt"')]
    listed = client.get("/followups/").content.decode()

    expected = ["Call now", "Call" if reads else "Open", "Call"]
    assert verbs_of(due) == verbs_of(listed) == expected
    targets = [re.findall(r'(?:href|action)="(/followups/[^"]+)"', page) for page in (due, listed)]
    # the desk is led to a page that it may open
    assert any(target.endswith("/flag/") for target in targets[0]) is reads
    assert {target for target in targets[0] if "claim" in target or "flag" in target} == {
        target for target in targets[1] if "claim" in target or "flag" in target
    }


@pytest.mark.parametrize("day", ["2026-13-45", "tomorrow", "", "0000-00-00", "9" * 300])
def test_a_day_that_is_none_shows_today(desk, ada, therapist, day):
    factories.visit(ada, therapist)
    assert ada.ref in lines(desk.get("/", {"day": day}))


def test_another_day_shows_its_visits_without_steps(desk, ada, therapist):
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    factories.visit(ada, therapist, booked_for=tomorrow)
    assert ada.ref not in lines(desk.get("/"))
    line = lines(desk.get("/", {"day": tomorrow.date().isoformat()}))[ada.ref]
    assert line.step.code == "none"


def test_cancelled_and_taken_back_show_as_they_are(desk, ada, therapist, reception):
    visit = factories.arrived(ada, therapist)
    client_url = f"/visits/{visit.ref}/take-back/"
    desk.post(client_url, {"stamp": "arrived", "reason": "Wrong person"})
    assert lines(desk.get("/"))[ada.ref].state == "expected"
    assert StampWithdrawal.objects.count() == 1
    desk.post(f"/visits/{visit.ref}/step/", {"verb": "cancel", "reason": "Has a cold"})
    assert ada.ref not in lines(desk.get("/"))


def test_a_restricted_record_has_initials_and_the_way_in_only(desk, ada, therapist, lead):
    factories.visit(ada, therapist)
    ada.restricted_at, ada.restricted_by = timezone.now(), lead
    ada.save(update_fields=["restricted_at", "restricted_by"])
    page = desk.get("/").content.decode()
    assert "Restricted record" in page
    assert "Examplewood" not in page
    assert "AE · Restricted record" in page
    assert page.count("/step/") == 1
    assert ada.ref not in page


def test_the_desk_reads_no_clinical_words(desk, draft, therapist, reception):
    page = desk.get("/").content.decode()
    assert "Examplewood" in page
    assert "eck pain" not in page


def test_needles_still_in_stand_in_the_row(desk, draft, reception):
    visit = draft.visit
    visit.roomed_at, visit.roomed_by, visit.room = timezone.now(), reception, factories.room()
    visit.save(update_fields=["roomed_at", "roomed_by", "room"])
    factories.site(draft, technique="static", needles=3, needle_in_at=timezone.now())
    response = desk.get("/")
    assert "3 needles in, since" in response.content.decode()
    assert lines(response)[draft.patient.ref].step.code == "wait"


@pytest.fixture
def overnight(draft):
    """Two needles that went in yesterday and were never noted out."""
    went_in = timezone.now() - dt.timedelta(days=1)
    for into in (went_in, went_in + dt.timedelta(minutes=3)):
        factories.site(draft, technique="static", needle_in_at=into)
    return draft


def overnight_lines(client) -> list[tuple]:
    return [(row.patient, row.needles, row.url) for row in client.get("/").context["overnight"]]


def test_needles_from_another_day_stand_first_on_every_board(
    noon, overnight, reception, therapist, lead, signed_in
):
    draft_url, record_url = overnight.get_absolute_url(), overnight.patient.get_absolute_url()
    for user, url in ((reception, record_url), (lead, draft_url), (therapist, draft_url)):
        client = signed_in(user)
        page = re.sub(r"\s+", " ", client.get("/").content.decode())
        assert overnight_lines(client) == [("Examplewood, Ada", 2, url)]
        assert page.index("2 needles not noted out") < page.index("<h2")
        yesterday = timezone.localtime(overnight.sites.earliest("needle_in_at").needle_in_at)
        assert f"In since {formats.moment(yesterday)} (1 day)" in page


def test_needles_of_today_and_of_colleagues_do_not_stand_first(
    noon, overnight, draft, other_therapist, admin, therapist, signed_in
):
    assert overnight_lines(signed_in(other_therapist)) == []
    assert overnight_lines(signed_in(admin)) == []
    overnight.sites.update(needle_in_at=timezone.now())
    assert overnight_lines(signed_in(therapist)) == []


def test_a_restricted_record_with_needles_from_another_day_has_no_name_for_the_desk(
    noon, overnight, reception, therapist, signed_in
):
    Patient.objects.update(restricted_at=timezone.now(), restricted_by=therapist)
    assert overnight_lines(signed_in(reception)) == [("Restricted record", 2, "")]
    assert overnight_lines(signed_in(therapist)) == [("Examplewood, Ada", 2, overnight.get_absolute_url())]


def test_a_therapist_sees_their_own_day_with_what_was_done_last(
    draft, therapist, other_therapist, reception, signed_in
):
    earlier = factories.arrived(draft.patient, therapist, booked_for=timezone.now() - dt.timedelta(days=7))
    done = factories.session(
        draft.patient, therapist, visit=earlier, opened_at=earlier.booked_for, started_at=earlier.booked_for,
        ended_at=earlier.booked_for,
    )  # fmt: skip
    factories.session_condition(done, pain_before=6, pain_after=3)
    factories.site(done, "is", "right", insertions=2)
    followup = factories.followup(done)
    SorenessReport.objects.create(followup=followup, reported_by=reception, now=2, worst=4, triage="expected")
    other = factories.visit(factories.patient(reception), other_therapist)

    response = signed_in(therapist).get("/")
    page = response.content.decode()
    assert [row["line"].visit for row in response.context["my_rows"]] == [draft.visit]
    assert "infraspinatus" in page.lower()
    assert "Last (draft): " in page
    assert "Sore 2 at 24 h." in page
    assert "Pain 6 to 3" not in page
    assert other.patient.ref not in page
    assert [session.pk for session in response.context["drafts"]] == [done.pk, draft.pk]
    assert "Sore 2" in page


def keys_in(parameter) -> list:
    if isinstance(parameter, str) and parameter.startswith("["):
        return json.loads(parameter)
    return parameter if isinstance(parameter, list) else [parameter]


def test_a_therapists_own_day_reads_nothing_of_the_patients_of_others(
    ada, therapist, other_therapist, reception, signed_in
):
    """In a practice of twelve therapists eleven of twelve visits were read for nothing."""
    factories.visit(ada, therapist)
    other = factories.visit(factories.patient(reception), other_therapist)
    client, asked = signed_in(therapist), []

    def keep(execute, sql, params, many, context):
        if 'FROM "patients_screening"' in sql or 'FROM "patients_consent"' in sql:
            # a list of keys is one array on PostgreSQL, and one text on SQLite
            asked.extend(key for each in params for key in keys_in(each))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        client.get("/")

    assert ada.pk in asked
    assert other.patient.pk not in asked
    assert len(client.get("/?all=1").context["rows"]) == 2


@pytest.mark.parametrize(("closed", "marked"), [(False, True), (True, False)])
def test_a_name_that_a_patient_of_somebody_else_has_today_is_marked_in_ones_own_day(
    ada, therapist, other_therapist, reception, lead, signed_in, closed, marked
):
    """Of a record that is closed to the reader a mark would tell the name."""
    twin = factories.patient(reception, family_name=ada.family_name, given_name=ada.given_name)
    factories.visit(ada, therapist)
    factories.visit(twin, other_therapist)
    if closed:
        Patient.objects.filter(pk=twin.pk).update(restricted_at=timezone.now(), restricted_by=lead)

    rows = signed_in(therapist).get("/").context["my_rows"]

    assert [row["line"].namesake for row in rows] == [marked]


@pytest.mark.parametrize(
    ("code", "variant", "words"),
    [
        ("throwers-elbow", "medial-epicondylitis", "right medial epicondylitis"),
        ("throwers-elbow", None, "right thrower's elbow"),
        ("tennis-elbow", "tennis-elbow", "right tennis elbow"),
    ],
)
def test_a_condition_of_two_meanings_is_named_as_it_was_chosen(
    ada, therapist, signed_in, code, variant, words
):
    family = DiagnosisFamily.objects.filter(condition__code=code, variant=variant).first()
    factories.arrived(ada, therapist)
    factories.condition(factories.episode(ada, therapist), therapist, code, variant=family)

    assert words in html.unescape(signed_in(therapist).get("/").text)


def test_a_signed_session_is_drawn_and_one_in_error_is_not(draft, therapist, signed_in):
    earlier = factories.arrived(draft.patient, therapist, booked_for=timezone.now() - dt.timedelta(days=7))
    done = factories.session(draft.patient, therapist, visit=earlier, opened_at=earlier.booked_for)
    factories.session_condition(done, pain_before=6, pain_after=3)
    NeedlingSession.objects.filter(pk=done.pk).update(signed_at=timezone.now(), signed_by=therapist)
    client = signed_in(therapist)
    assert "Pain 6 to 3." in client.get("/").text

    ErrorMark.objects.create(session=done, reason="Wrong patient.", marked_by=therapist)

    assert "Pain 6 to 3" not in client.get("/").text


def test_a_warning_sign_stands_first_until_somebody_acts(
    draft, therapist, other_therapist, reception, signed_in
):
    report = SorenessReport.objects.create(
        followup=factories.followup(draft), reported_by=reception, now=2, triage="urgent"
    )
    flag = RedFlag.objects.create(report=report, therapist=therapist)
    page = signed_in(therapist).get("/").content.decode()
    assert page.index("Warning sign") < page.index("My patients")
    assert "No action yet" not in signed_in(other_therapist).get("/").content.decode()
    flag.acknowledged_at, flag.acknowledged_by = timezone.now(), therapist
    flag.save(update_fields=["acknowledged_at", "acknowledged_by"])
    assert "No action yet" not in signed_in(therapist).get("/").content.decode()


def test_the_lead_sees_everybody_and_old_drafts_without_steps(draft, ada, therapist, lead, signed_in):
    draft.opened_at = timezone.now() - dt.timedelta(days=4)
    draft.save(update_fields=["opened_at"])
    response = signed_in(lead).get("/")
    assert [session.pk for session in response.context["old_drafts"]] == [draft.pk]
    assert lines(response)[ada.ref].step.code == "none"
    assert "/step/" not in response.content.decode()


def test_the_administrator_sees_counts_and_no_names(draft, admin, signed_in):
    response = signed_in(admin).get("/")
    assert response.context["unsigned"] == {"unsigned": 1, "old": 0}
    page = response.content.decode()
    assert "Examplewood" not in page
    assert "Administration" in page


def test_who_holds_two_roles_sees_both(draft, signed_in):
    both = factories.user("both", Role.THERAPIST, Role.FRONT_DESK)
    factories.arrived(draft.patient, both)
    page = signed_in(both).get("/").content.decode()
    assert "My patients" in page
    assert "Follow-ups due" in page


@pytest.mark.parametrize(
    ("roles", "most"),
    [
        ((Role.FRONT_DESK,), BUDGET),
        ((Role.THERAPIST,), BUDGET),
        ((Role.LEAD,), BUDGET),
        # with the muscles that wait for an approved limit and the set of codes, for leads and administrators
        ((Role.FRONT_DESK, Role.THERAPIST, Role.LEAD, Role.ADMIN), BUDGET + 2),
    ],
)
def test_a_hundred_visits_cost_no_more_than_one(roles, most, therapist, reception, signed_in):
    user = factories.user(None, *roles)
    for _ in range(25):
        factories.session(factories.patient(reception), user, visit=None)
    client = signed_in(user)
    with data_statements() as data:
        assert client.get("/").status_code == 200
    assert len(data) <= most, as_lines(data)


@pytest.mark.parametrize(("hours", "late"), [(23, False), (25, True)])
def test_a_draft_that_waits_for_a_day_says_how_long(draft, therapist, signed_in, hours, late):
    opened = timezone.now() - dt.timedelta(hours=hours)
    type(draft).objects.filter(pk=draft.pk).update(opened_at=opened)

    page = signed_in(therapist).get("/").content.decode()

    assert ("Unsigned for" in page) == late
