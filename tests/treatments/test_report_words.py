"""In another language every word of reports, prompts and reasons is translated, and none of the record."""

import datetime as dt
import re

import pytest

from tests import pseudo_locale
from treatments.models import DraftEvent, Muscle
from treatments.rules import audit, billing, qualification
from treatments.rules.adverse_events import rates
from treatments.rules.followups import soreness as soreness_rules
from treatments.rules.reports import calls, lots, notes, overrides, soreness, visits
from treatments.rules.reports.pooled import Count
from treatments.rules.reports.questions import QUESTIONS
from treatments.rules.reports.report import MAX_ROWS, Report, Terms
from treatments.rules.session import fields, since_opening
from treatments.rules.session.parts import ToldInSession
from treatments.rules.sites import entry, needled_site

AT = dt.datetime(2026, 5, 11, 15, tzinfo=dt.UTC)
# What the database says has no letters here: whatever has is a word of ours.
NOTE = notes.NoteRow("1", "2", "3", "4", AT, AT)
CALL = calls.CallRow("1", "2", "3", "4", "5", AT, 3, AT, closed=True)
LOT = lots.LotRow("1", AT, "2", "3", "4", "5", 6)
MANY, FEW = Count(21, 9), Count(3, 2)
RULE = overrides.OverrideCount("1", 20, 10, 3, 9, AT)
SORE = soreness.DoseSoreness("1", 4, 9, 12, 3.5, None)
EVENTS = rates.EventCounts(MANY, {1: Count(12, 8), 2: Count(9, 7)}, (rates.KindCount("1", 1, Count(12, 8)),))
BASIS = rates.Basis(100, 900, 40)
DAY = re.compile(r"[A-Z][a-z]{2} \d+, \d{4}")


def week(*counts: Count) -> visits.WeekCounts:
    return visits.WeekCounts(AT.date(), "1", counts)


REPORTS = {
    "unsigned, none": lambda: notes.unsigned([], now=AT),
    "unsigned": lambda: notes.unsigned([NOTE] * MAX_ROWS, now=AT),
    "mismatches, none": lambda: notes.mismatches([]),
    "mismatches": lambda: notes.mismatches([notes.NeedleCounts(NOTE, 5, 1, 3, 2)]),
    "more out": lambda: notes.mismatches([notes.NeedleCounts(NOTE, 2, None, 3, 4)]),
    "calls, none": lambda: calls.report([]),
    "calls": lambda: calls.report([CALL]),
    "open calls": lambda: calls.report([calls.CallRow("1", "2", "3", "4", "5", AT, 3, AT, closed=False)]),
    "lots, none": lambda: lots.report([]),
    "lots": lambda: lots.report([LOT]),
    "overrides, none": lambda: overrides.report([], patients=0),
    "overrides": lambda: overrides.report([RULE, RULE], patients=12),
    "few overrides": lambda: overrides.report(
        [overrides.OverrideCount("1", 2, 2, 1, 2, AT), RULE], patients=11
    ),
    "soreness, none": lambda: soreness.report([], step=24),
    "soreness": lambda: soreness.report([SORE], step=24),
    "few sore": lambda: soreness.report([soreness.DoseSoreness("1", 8, 2, 2, 3.5, 4.0)], step=24),
    "events": lambda: rates.report(EVENTS, BASIS),
    "no events": lambda: rates.report(rates.EventCounts(Count(0, 0), {}, ()), BASIS),
    "few events": lambda: rates.report(rates.EventCounts(FEW, {1: FEW}, ()), rates.Basis(9, 20, 3)),
    "some events": lambda: rates.report(
        rates.EventCounts(MANY, {1: FEW, 2: Count(18, 8)}, (rates.KindCount("1", 1, FEW),)), BASIS
    ),
    "visits, none": lambda: visits.report([], patients=[0, 0, 0, 0]),
    "visits": lambda: visits.report([week(MANY, MANY, FEW, Count(1, 9))], patients=[9, 9, 2, 9]),
}


def outside(text) -> str:
    """What of a text stands outside of the brackets, if it has letters; a day is the country's."""
    left = DAY.sub("", pseudo_locale.without_translated(str(text)))
    return left if re.search("[A-Za-z]", left) else ""


def texts_of(report: Report) -> list:
    cells = [value for row in report.file_rows() for value in row]
    return [report.sentence, *report.head, *report.notes, *cells]


@pytest.mark.parametrize("name", REPORTS)
def test_every_word_of_a_report_is_translated(name):
    with pseudo_locale.active():
        left = [outside(text) for text in texts_of(REPORTS[name]())]

    assert [text for text in left if text] == []


def test_the_questions_are_translated():
    with pseudo_locale.active():
        told = [text for question in QUESTIONS for text in (question.title, question.about)]
        assert [text for text in told if outside(text)] == []


def test_what_was_asked_is_translated_on_the_page_and_not_in_the_audit():
    terms = Terms(AT.date(), AT.date(), is_own=True)
    with pseudo_locale.active():
        assert outside(terms.whose_text) == outside(terms.days_text) == ""
        assert terms.summary == "from 2026-05-11, until 2026-05-11"


def test_the_head_of_the_audits_file_is_translated():
    with pseudo_locale.active():
        assert [name for name in audit.EXPORT_COLUMNS if outside(name)] == []


# --- reasons and prompts


SITE = needled_site.NeedledSite(
    key="1", number=1, name="7", side="left", technique="stimulated", length_mm=80, depth_mm=90,
    needles=3, insertions=2, twitches=None, dwell_seconds=90 * 60, needle_in_at=AT,
    needle_out_at=AT + dt.timedelta(minutes=5), hazards=frozenset({"abd", "cord", "lung", "deep"}),
    group="Neck", depth_limit_mm=20, standing=Muscle.Standing.CONTRAINDICATED, consent_group="2", region="3",
    region_code="4",
)  # fmt: skip
LIMITS = needled_site.SiteConstraints(
    jurisdiction="1", max_dwell_seconds=60, stimulation_allowed=False, one_needle_per_insertion=True,
    local_points_only=True, added_modality_allowed=False, consented=frozenset(), covered=frozenset(),
    concerns=(needled_site.ScreeningConcern("pacemaker", "5", "6."),
              needled_site.ScreeningConcern("blood-thinner", "5", "6.")),
    avoided=(needled_site.AvoidedRegion("1", "8", "9.", frozenset({("4", "left")})),),
    not_on_file=("consent-not-on-file", "health-not-on-file"),
)  # fmt: skip
ABOUT = needled_site.SessionValues(
    started_at=AT + dt.timedelta(hours=1), ended_at=AT + dt.timedelta(hours=9), needles_opened=1,
    needles_out=9, other_care="0",
)  # fmt: skip
CLOCK = re.compile(r"\d+:\d\d [AP]M")


def test_every_prompt_is_translated_with_its_label():
    with pseudo_locale.active():
        raised = [
            *entry.prompts([SITE], LIMITS, ABOUT),
            *billing.day_prompts([billing.CodedNote("1", "2", "3")]),
            *since_opening.prompts([ToldInSession(rule, AT, "/") for rule in since_opening.MESSAGES]),
        ]
        left = [
            outside(CLOCK.sub("", text)) for one in raised for text in (one.message, one.label, one.value)
        ]

    assert len({one.rule for one in raised}) > 15
    assert [text for text in left if text] == []


def test_every_reason_against_a_site_is_translated():
    nothing = needled_site.NeedledSite(key="1", number=1, name="", hazards=frozenset({"lung"}))
    with pseudo_locale.active():
        found = [*entry.entry_reasons(nothing), *entry.entry_reasons(SITE)]
        assert {outside(reason.message) for reason in found} == {""}
    assert len({reason.code for reason in found}) > 7


def test_what_somebody_lacks_is_translated():
    needs = qualification.Requirements(
        profile="1", name="1", hours_total=10, exam=True, supervised_sessions=5, licence_months=12
    )
    person = qualification.Practitioner(pk=1, name="2", profession="pt")
    with pseudo_locale.active():
        found = qualification.missing_qualifications(person, needs, on=AT.date())
        assert [reason.message for reason in found if outside(reason.message)] == []
    assert len(found) > 3


def test_times_that_cannot_be_are_explained_in_the_language_of_the_page():
    later, earlier = AT + dt.timedelta(hours=1), AT - dt.timedelta(hours=1)
    with pseudo_locale.active():
        found = [
            *fields.reasons("ended_at", later, fields.Times(AT, AT)),
            *fields.reasons("ended_at", AT, fields.Times(AT)),
            *fields.reasons("ended_at", earlier, fields.Times(AT, AT)),
            *fields.reasons("started_at", None, fields.Times(AT, ended_at=AT)),
            fields.OPENED_WITHOUT_CHECKS,
        ]
        assert [reason.message for reason in found if outside(reason.message)] == []


def test_soreness_in_a_few_words_is_translated():
    with pseudo_locale.active():
        told = [
            soreness_rules.short_words(4, 24, triage="talk"),
            soreness_rules.short_words(None, 24, triage="urgent"),
            soreness_rules.short_words(2, 24, triage="urgent"),
            *soreness_rules.TRIAGE_LABELS.values(),
        ]
        assert [text for text in told if outside(text)] == []


def test_origins_are_no_words_of_the_record():
    """The journal keeps the code of an origin; its words are made when it is read."""
    with pseudo_locale.active():
        assert DraftEvent.Origin.TYPED.value == "typed"
        assert outside(DraftEvent.Origin.TYPED.label) == ""
