"""The practice's reports: the sentence, the rows, whose work they are about, and their filters."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.models import AuditEvent
from patients.models import Visit
from tests import factories
from treatments.models import ContactAttempt, FollowUp, NeedlingSession, Override, SorenessReport
from treatments.rules.reports import overrides
from treatments.rules.reports.questions import QUESTIONS
from treatments.rules.reports.report import PERIOD_DAYS, Terms, period
from treatments.rules.session import since_opening
from treatments.rules.sites import entry, needled_site
from treatments.selectors.reports import overrides as overrides_selectors

LOT = "LT-2207"


def answer(session, rule, *, at=None, by=None):
    when = at or timezone.now()
    return Override.objects.create(
        session=session, rule=rule, reason="Seen and decided", at=when, by=by or session.therapist
    )


def ninety_days() -> Terms:
    return Terms(*period(None, None, today=timezone.localdate()))


def report_of(client, name: str, query: str = ""):
    response = client.get(reverse(f"treatments:{name}") + query)
    assert response.status_code == 200
    return response.context["report"]


def texts(report) -> list[list]:
    return [[cell.text for cell in row] for row in report.rows]


def ended(session, **fields) -> NeedlingSession:
    now = timezone.now()
    values = {"ended_at": now, "signed_at": now, "signed_by": session.therapist, **fields}
    NeedlingSession.objects.filter(pk=session.pk).update(**values)
    return session


def treated(number: int, *, therapist, by, rule="", counted=None, **site) -> list[NeedlingSession]:
    """Signed sessions of so many patients, each with one site."""
    sessions = [factories.session(factories.patient(by), therapist) for _ in range(number)]
    for session in sessions:
        factories.site(session, **site)
        if rule:
            answer(session, rule)
        ended(session, **(counted or {}))
    return sessions


# Which notes are not signed?


def test_unsigned_notes_stand_oldest_first_with_their_age(signed_in, lead, draft, reception, other_therapist):
    older = factories.session(factories.patient(reception), other_therapist)
    three_days = timezone.now() - dt.timedelta(days=3, hours=1)
    NeedlingSession.objects.filter(pk=older.pk).update(opened_at=three_days)
    ended(factories.session(factories.patient(reception), other_therapist))

    report = report_of(signed_in(lead), "report-notes")

    assert [(row[1].ref, row[4].text) for row in report.rows] == [(older.ref, 3), (draft.ref, 0)]
    assert report.sentence.startswith("2 notes are not signed; the oldest was opened on ")


def test_a_therapist_reads_their_own_and_cannot_ask_for_others(
    signed_in, therapist, other_therapist, draft, reception
):
    theirs = factories.session(factories.patient(reception), other_therapist)

    for query in ("", f"?therapist={other_therapist.pk}"):
        report = report_of(signed_in(therapist), "report-notes", query)
        assert [row[1].ref for row in report.rows] == [draft.ref], theirs.ref


def test_a_lead_chooses_a_therapist_and_days(signed_in, lead, draft, reception, other_therapist):
    theirs = factories.session(factories.patient(reception), other_therapist)
    client = signed_in(lead)

    chosen = report_of(client, "report-notes", f"?therapist={other_therapist.pk}")
    before = report_of(client, "report-notes", "?last=1/1/2020")

    assert [row[1].ref for row in chosen.rows] == [theirs.ref]
    assert (before.rows, before.sentence) == ((), "Every note of these days is signed.")


# Where do needle counts differ?


def test_needles_that_differ_say_how(signed_in, lead, draft, reception, therapist):
    factories.site(draft, needles=3)
    ended(draft, needles_opened=5, needles_unused=1, needles_out=2)
    treated(1, therapist=therapist, by=reception, needles=2, counted={"needles_opened": 2, "needles_out": 2})
    (uncounted,) = treated(1, therapist=therapist, by=reception, needles=2)

    report = report_of(signed_in(lead), "report-needles")

    [row] = report.rows
    assert (row[1].ref, uncounted.needles_out) == (draft.ref, None)
    assert [cell.text for cell in row[3:]] == [5, 1, 3, 2, "1 more in than out; 1 opened and nowhere noted"]
    assert report.sentence == "The needles differ in 1 session; in 1 more went in than came out."


def test_struck_sites_and_notes_in_error_are_no_mismatch(signed_in, lead, draft, therapist):
    factories.site(draft, needles=2)
    factories.site(draft, side="left", needles=1, struck_at=timezone.now(), struck_by=therapist)
    ended(draft, needles_opened=2, needles_out=2)

    report = report_of(signed_in(lead), "report-needles")

    assert (report.rows, report.sentence) == ((), "The needles agree wherever they were counted.")


# Which patients were not reached?


def test_calls_that_reached_nobody_are_listed(signed_in, reception, draft):
    ended(draft)
    given_up = factories.followup(draft, attempts=3)
    closed = {"outcome": "unreachable", "closed_at": timezone.now(), "closed_by": reception}
    FollowUp.objects.filter(pk=given_up.pk).update(**closed)
    tried = factories.followup(draft, step=72, attempts=1)
    ContactAttempt.objects.create(followup=tried, result="no_answer", made_by=reception)
    answered = factories.followup(draft, step=96, attempts=1)
    FollowUp.objects.filter(pk=answered.pk).update(**{**closed, "outcome": "answered"})
    factories.followup(draft, step=120)

    report = report_of(signed_in(reception), "report-calls")

    status = {row[-1].ref: (row[4].text, row[-1].text) for row in report.rows}
    assert status == {given_up.ref: (3, "Not reached"), tried.ref: (1, "Still open")}
    assert report.sentence == "1 patient was not reached; 1 call is still open."


# Who was kept apart from a patient of the same name?


def test_who_was_kept_apart_is_listed_with_the_reason(signed_in, lead, reception, ada):
    twin = factories.patient(
        reception, family_name=ada.family_name, given_name=ada.given_name, born=ada.born, phone=""
    )
    reason = "Cousin, showed a license"
    changes = {"kept_apart_from": ["", ada.ref]}
    with transaction.atomic():
        audit.record("patient.kept_apart", twin, by=reception, patient=twin, changes=changes, reason=reason)

    report = report_of(signed_in(lead), "report-kept-apart")

    assert [row[:3] for row in texts(report)] == [[twin.ref, ada.ref, reason]]
    assert ada.family_name not in str(report)


# How sore are patients, by muscle and dose?


def report_soreness(session, by, *, now: int, worst: int) -> None:
    SorenessReport.objects.create(
        followup=session.followups.get(), reported_by=by, now=now, worst=worst, triage="expected"
    )


def test_soreness_is_a_mean_by_muscle_and_insertions(signed_in, admin, therapist, reception):
    many = treated(5, therapist=therapist, by=reception, insertions=9)
    few = treated(4, therapist=therapist, by=reception, insertions=2)
    for number, session in enumerate([*many, *few]):
        factories.followup(session)
        report_soreness(session, therapist, now=number, worst=number + 2)

    report = report_of(signed_in(admin), "report-soreness")

    assert texts(report) == [["Infraspinatus", "8 or more", 5, 5, "2", "4"]]
    assert report.sentence.startswith(
        "Most sore when asked: infraspinatus with 8 or more insertions, 2 of 10"
    )
    assert report.notes[0] == "Withheld: 1 more, each with fewer than 5 patients."


def test_a_corrected_report_counts_once(signed_in, lead, therapist, reception):
    for session in treated(5, therapist=therapist, by=reception):
        factories.followup(session)
        report_soreness(session, therapist, now=1, worst=1)
        first = SorenessReport.objects.get(followup__session=session)
        SorenessReport.objects.create(
            followup=first.followup,
            supersedes=first,
            reported_by=therapist,
            now=3,
            worst=5,
            triage="expected",
        )

    [row] = report_of(signed_in(lead), "report-soreness").rows

    assert [cell.text for cell in row[2:]] == [5, 5, "3", "5"]


# Which rules were overridden?


def test_reasons_are_counted_rule_by_rule_the_most_often_first(draft, other_therapist):
    answer(draft, "both-lungs")
    answer(draft, "depth-over-limit")
    answer(draft, "depth-over-limit", by=other_therapist)
    answer(draft, "long-needle-at-neck", at=timezone.now() - dt.timedelta(days=PERIOD_DAYS + 1))

    rows = overrides_selectors.by_rule(ninety_days())

    assert [(row.name, row.reasons, row.sessions, row.people, row.patients) for row in rows] == [
        ("Deeper than the practice's limit", 2, 1, 2, 1),
        ("Both sides of the thorax in one session", 1, 1, 1, 1),
    ]


def test_a_rule_about_a_place_says_which(draft):
    answer(draft, "avoid-lymph-swelling")

    [row] = overrides_selectors.by_rule(ninety_days())

    assert row.name == "A place that the health questions name: lymph swelling"


def test_overrides_of_few_patients_are_withheld(signed_in, admin, draft, therapist, reception):
    treated(6, therapist=therapist, by=reception, rule="both-lungs")
    for _ in range(9):
        answer(draft, "depth-over-limit")

    report = report_of(signed_in(admin), "report-overrides")

    assert [row[:3] for row in texts(report)] == [
        ["Both sides of the thorax in one session", 6, 6],
        ["Deeper than the practice's limit", "<5", "<5"],
    ]
    assert report.sentence.startswith("2 rules were overridden at least 6 times; most often: both sides")


def other_care(**times):
    return needled_site.SessionValues(other_care="Heat", **times)


def odd_times(*sites):
    """Sites and sessions whose times and counts raise every rule about them."""
    first, second = sites
    start, hour = timezone.now().replace(hour=18, minute=0), dt.timedelta(hours=1)
    counted = {"needles_opened": 9, "needles_out": 2}
    timed = replace(first, needles=3, needle_in_at=start - hour, needle_out_at=start + hour, dwell_seconds=60)
    left_in = replace(first, needle_in_at=start, needle_out_at=start + hour)
    yield (timed, second), other_care(started_at=start, ended_at=start + 2 * hour, **counted)
    yield (replace(second, dwell_seconds=7200),), other_care(started_at=start, ended_at=start + hour)
    yield (left_in,), other_care(started_at=start - 9 * hour, ended_at=start)
    yield (left_in,), other_care(started_at=start, ended_at=start + 24 * hour)


def test_every_rule_that_asks_has_a_name():
    hazards = frozenset({"lung", "abd", "cord"})
    lung = needled_site.NeedledSite(key="k", number=1, name="x", side="left", hazards=hazards,
                       group="Neck", depth_limit_mm=1, depth_mm=2, length_mm=80,
                       technique="stimulated",
                       insertions=2, needles=1, standing="contraindicated", consent_group="hip", region="Hip",
                       region_code="f-hip", depth_class="deep")  # fmt: skip
    said = ("blood-thinner", "pregnant", "pacemaker", "lungs")
    concerns = tuple(needled_site.ScreeningConcern(code, code, "") for code in said)
    limits = needled_site.SiteConstraints("X", 0, False, True, barred_by="X", local_points_only=True,
                           added_modality_allowed=False,
                           consented=frozenset(), covered=frozenset(),
                           concerns=concerns, not_on_file=tuple(entry.NOT_ON_FILE))  # fmt: skip
    right = needled_site.NeedledSite(key="r", number=2, name="x", side="right", hazards=hazards,
                        depth_mm=40, length_mm=50, muscle_code="ste", region_code="f-absl",
                        facts_changed_at=timezone.now())  # fmt: skip

    calf = needled_site.NeedledSite(key="c", number=3, name="x", side="left", length_mm=60, muscle_code="so")
    pelvic = replace(calf, key="p", number=4, muscle_code="pf")
    nowhere = needled_site.NeedledSite(key="n", number=5, name="x", side="left")

    rules = {
        asked.rule
        for sites, about in (
            ((lung, right), other_care()),
            ((calf, pelvic, nowhere), other_care()),
            *odd_times(lung, right),
        )
        for asked in entry.prompts(sites, limits, about)
    }

    of_no_site = {"needles-differ", "code-of-the-day", "code-changed", *since_opening.MESSAGES}
    assert rules == overrides.RULE_NAMES.keys() - of_no_site


# How many visits?


def book(number: int, *, by, therapist, at, **fields) -> None:
    for _ in range(number):
        factories.visit(factories.patient(by), therapist, booked_for=at, **fields)


def test_visits_are_counted_by_week_and_therapist(signed_in, reception, therapist, other_therapist):
    now = timezone.now()
    here = {"arrived_at": now, "arrived_by": reception}
    last_week = now - dt.timedelta(days=7)
    book(7, by=reception, therapist=therapist, at=now, **here, kind=Visit.Kind.FIRST)
    book(6, by=reception, therapist=therapist, at=last_week, **here)
    book(2, by=reception, therapist=other_therapist, at=now, missed_at=now, missed_by=reception)
    book(3, by=reception, therapist=therapist, at=now, missed_at=now, missed_by=reception)
    book(1, by=reception, therapist=therapist, at=now, cancelled_at=now, cancelled_by=reception)

    report = report_of(signed_in(reception), "report-visits")

    assert [row[1:] for row in texts(report)] == [
        [other_therapist.display_name, 0, 0, "<5", 0],
        [therapist.display_name, 7, 7, "<5", "<5"],
        [therapist.display_name, 6, 0, 0, 0],
    ]
    assert [cell.text for cell in report.total] == ["All", "", "13", "7", "5", "<5"]
    assert report.sentence == "In 2 weeks: 13 visits, 7 new patients, 5 no-shows and few cancellations."


def test_the_visits_are_those_of_whole_weeks(signed_in, reception):
    response = signed_in(reception).get(
        reverse("treatments:report-visits") + "?first=11/4/2026&last=11/10/2026"
    )

    terms = response.context["terms"]
    assert (terms.first, terms.last) == (dt.date(2026, 11, 2), dt.date(2026, 11, 15))


def test_a_therapist_counts_their_own_visits(signed_in, reception, therapist, other_therapist):
    for person in (therapist, other_therapist):
        book(1, by=reception, therapist=person, at=timezone.now())

    assert [row[1] for row in texts(report_of(signed_in(therapist), "report-visits"))] == [
        therapist.display_name
    ]


def test_the_desk_reads_no_clinical_word(signed_in, reception, draft):
    page = signed_in(reception).get(reverse("treatments:reports"))

    assert [one.code for one in page.context["questions"]] == ["not-reached", "visits"]


# Who had needles of a lot?


def ask(client, number, **filters):
    return client.post(reverse("treatments:report-lot"), {"lot": number, **filters})


@pytest.mark.parametrize("typed", [LOT, LOT.lower(), f" {LOT} "])
def test_a_lot_leads_to_its_patients_however_it_is_typed(draft, ada, lead, signed_in, typed):
    factories.site(draft, lot=LOT, needles=2)
    factories.site(draft, side="left", lot=LOT, needles=1)
    factories.site(draft, muscle="so", lot="LT-9999")

    report = ask(signed_in(lead), typed).context["report"]

    assert [(row[0].ref, row[2].ref, row[4].text) for row in report.rows] == [(ada.ref, draft.ref, 3)]
    assert report.sentence.startswith("1 patient had needles of this lot, in 1 session; the last on ")
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.code, event.reason) == ("lot.searched", "")


def test_a_recall_is_about_everybody_or_whom_one_chooses(draft, therapist, other_therapist, signed_in):
    factories.site(draft, lot=LOT)
    client = signed_in(other_therapist)

    assert len(ask(client, LOT).context["report"].rows) == 1
    assert len(ask(client, LOT, therapist=therapist.pk, first="today").context["report"].rows) == 1
    assert ask(client, LOT, therapist=other_therapist.pk).context["report"].rows == ()
    assert ask(client, LOT, last="1/1/2020").context["report"].rows == ()


def test_struck_sites_voided_drafts_and_restricted_patients_stay_out(draft, ada, therapist, lead, signed_in):
    factories.site(draft, lot=LOT, struck_at=timezone.now(), struck_by=therapist)
    voided = factories.session(factories.patient(therapist), therapist)
    factories.site(voided, lot=LOT)
    NeedlingSession.objects.filter(pk=voided.pk).update(voided_at=timezone.now(), voided_by=therapist)
    kept = factories.session(
        factories.patient(therapist, restricted_at=timezone.now(), restricted_by=lead), therapist
    )
    factories.site(kept, lot=LOT)

    response = ask(signed_in(lead), LOT)

    assert response.context["report"].rows == ()
    assert "Nobody had needles of this lot" in response.content.decode()


def test_no_lot_is_a_sentence_at_the_field(lead, signed_in):
    response = ask(signed_in(lead), "  ")

    assert response.status_code == 422
    assert response.context["form"].errors["lot"] == ["Type the lot number printed on the box."]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plan")
def test_a_lot_is_found_by_its_index(lead):
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM treatments_needlesite "
            "WHERE NOT (lot = '') AND UPPER(lot) = UPPER('x')"
        )
        plan = " ".join(row[3] for row in cursor.fetchall())

    assert "site_lot" in plan


# All of them


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=x", "first"),
        ("first=2/2/2026&last=1/1/2026", "last"),
        ("first=1/1/2024&last=6/1/2025", "last"),
        ("therapist=x", "therapist"),
    ],
)
def test_a_filter_that_means_nothing_is_said_at_its_field(signed_in, lead, query, field):
    response = signed_in(lead).get(f"{reverse('treatments:report-overrides')}?{query}")

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_the_list_offers_what_its_reader_may_open(signed_in, lead, therapist, reception, admin):
    for person in (lead, therapist, reception, admin):
        client = signed_in(person)
        offered = client.get(reverse("treatments:reports")).context["questions"]
        opened = [one for one in QUESTIONS if client.get(reverse(one.url_name)).status_code == 200]
        assert offered == opened, person


def test_reading_a_report_is_on_record_with_its_terms(signed_in, lead, therapist):
    report_of(
        signed_in(lead), "report-overrides", f"?first=11/2/2026&last=11/8/2026&therapist={therapist.pk}"
    )

    event = AuditEvent.objects.order_by("-seq").first()
    terms = f"overrides: from 2026-11-02, until 2026-11-08, therapist {therapist.pk}"
    assert (event.code, event.actor, event.reason) == ("report.read", lead, terms)
