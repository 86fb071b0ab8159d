"""What an owner asks: rules answered with a reason, and who had a lot of needles."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from tests import factories
from treatments.models import NeedlingSession, Override
from treatments.rules import reports
from treatments.rules.sites import entry, needled_site
from treatments.selectors import reports as reports_selectors

LOT = "LT-2207"


@pytest.fixture
def draft(ada, therapist):
    session = factories.session(ada, therapist)
    factories.session_condition(session)
    return session


def answer(session, rule, *, at=None, by=None):
    when = at or timezone.now()
    return Override.objects.create(
        session=session, rule=rule, reason="Seen and decided", at=when, by=by or session.therapist
    )


def test_reasons_are_counted_rule_by_rule_the_most_often_first(draft, other_therapist):
    answer(draft, "both-lungs")
    answer(draft, "depth-over-limit")
    answer(draft, "depth-over-limit", by=other_therapist)
    answer(draft, "long-needle-at-neck", at=timezone.now() - dt.timedelta(days=reports.PERIOD_DAYS + 1))

    rows = reports_selectors.overrides_by_rule(since=timezone.now() - dt.timedelta(days=reports.PERIOD_DAYS))

    assert [(row.name, row.reasons, row.sessions, row.people) for row in rows] == [
        ("Deeper than the practice's limit", 2, 1, 2),
        ("Both sides of the thorax in one session", 1, 1, 1),
    ]


def test_a_rule_about_a_place_says_which(draft):
    answer(draft, "avoid-lymph-swelling")

    [row] = reports_selectors.overrides_by_rule(since=timezone.now() - dt.timedelta(days=1))

    assert row.name == "A place that the health questions name: lymph swelling"


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
    limits = needled_site.SiteConstraints("X", 0, False, True, local_points_only=True,
                           added_modality_allowed=False,
                           consented=frozenset(), covered=frozenset(),
                           concerns=concerns, not_on_file=tuple(entry.NOT_ON_FILE))  # fmt: skip
    right = needled_site.NeedledSite(key="r", number=2, name="x", side="right", hazards=frozenset({"lung"}))

    rules = {
        asked.rule
        for sites, about in (((lung, right), other_care()), *odd_times(lung, right))
        for asked in entry.prompts(sites, limits, about)
    }

    assert len(rules) == len(reports.RULE_NAMES) - len({"needles-differ", "code-of-the-day"})
    assert rules <= reports.RULE_NAMES.keys()


def test_the_report_names_nobody(draft, ada, admin, signed_in):
    answer(draft, "both-lungs")

    page = signed_in(admin).get(reverse("treatments:reports")).content.decode()

    assert "Both sides of the thorax" in page
    assert ada.family_name not in page
    assert reverse("treatments:report-lot") not in page


def ask(client, number):
    return client.post(reverse("treatments:report-lot"), {"lot": number})


@pytest.mark.parametrize("typed", [LOT, LOT.lower(), f" {LOT} "])
def test_a_lot_leads_to_its_patients_however_it_is_typed(draft, ada, lead, signed_in, typed):
    factories.site(draft, lot=LOT, needles=2)
    factories.site(draft, side="left", lot=LOT, needles=1)
    factories.site(draft, muscle="so", lot="LT-9999")

    rows = ask(signed_in(lead), typed).context["rows"]

    assert [(row["patient"], row["session"], row["needles"]) for row in rows] == [(ada.ref, draft.ref, 3)]
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.code, event.reason) == ("lot.searched", "")


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

    assert response.context["rows"] == []
    assert "No session with this lot" in response.content.decode()


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
