"""Medicare notices of non-coverage: what they need, which treatment they are for, what modifiers follow."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from clinic.models import AuditEvent
from patients.actions import alerts
from patients.models import Coverage, NonCoverageNotice
from patients.rules import notices
from patients.rules.notices import MedicareFacts, Notice

DAY = dt.date(2026, 11, 16)
FORM = dt.date(2029, 3, 31)


def at(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


START = at(DAY)
VOLUNTARY = Notice("voluntary", DAY, DAY, given_at=at(DAY, 9), form_expires_on=FORM)
MANDATORY = replace(VOLUNTARY, kind="mandatory", is_signed=True, option="1")
COURSE = replace(VOLUNTARY, until_on=DAY + dt.timedelta(days=90))


@pytest.mark.parametrize(
    ("given", "words", "why"),
    [
        ((), "GY", "no notice was given"),
        ((VOLUNTARY,), "GX GY", "A voluntary notice was given Nov 16, 2026."),
        ((replace(VOLUNTARY, given_at=START),), "GX GY", "was given"),
        ((replace(VOLUNTARY, given_at=at(DAY, 10, 1)),), "GY", "came after it began"),
        ((MANDATORY,), "GA", "the notice was signed Nov 16, 2026"),
        ((replace(MANDATORY, given_at=at(DAY, 10, 1)),), "GZ", "not signed before the treatment"),
        ((replace(MANDATORY, given_at=None),), "GZ", "not signed before the treatment"),
        ((replace(MANDATORY, is_signed=False),), "GZ", "was not signed"),
        ((replace(MANDATORY, form_expires_on=dt.date(2026, 1, 31)),), "GZ", "out of date"),
        ((replace(MANDATORY, form_expires_on=None),), "GZ", "out of date"),
        ((replace(VOLUNTARY, form_expires_on=None),), "GX GY", "was given"),
        ((replace(MANDATORY, option="2"),), "", "Medicare is not billed"),
        ((replace(VOLUNTARY, option="2"),), "", "Medicare is not billed"),
        ((replace(MANDATORY, option="3"),), "", "does not want it"),
        ((replace(VOLUNTARY, for_on=DAY + dt.timedelta(days=1)),), "GY", "no notice"),
        ((replace(VOLUNTARY, ended_at=at(DAY, 9, 59)),), "GY", "no notice"),
        ((replace(VOLUNTARY, ended_at=at(DAY, 10, 1)),), "GX GY", "was given"),
        # what came in time stands beside what came too late
        ((VOLUNTARY, replace(MANDATORY, given_at=at(DAY, 11))), "GX GY", "voluntary"),
        # what the patient chose after it began is no choice about it
        ((replace(MANDATORY, option="2", given_at=at(DAY, 10, 1)),), "GZ", "not signed before"),
        ((replace(MANDATORY, option="3", given_at=at(DAY, 10, 1)),), "GZ", "not signed before"),
        ((replace(VOLUNTARY, option="3", given_at=at(DAY, 10, 1)),), "GY", "came after it began"),
        ((replace(MANDATORY, option="2", given_at=None),), "", "Medicare is not billed"),
        # of two on one day the later one holds
        ((MANDATORY, replace(MANDATORY, option="2", given_at=at(DAY, 9, 30))), "", "Medicare is not billed"),
        ((replace(MANDATORY, option="3"), replace(MANDATORY, given_at=at(DAY, 9, 30))), "GA", "was signed"),
        ((replace(MANDATORY, given_at=None, option="3"), MANDATORY), "GA", "was signed"),
        # the newest in time holds
        ((replace(COURSE, given_on=DAY - dt.timedelta(days=9)), MANDATORY), "GA", "signed"),
    ],
)
def test_the_modifiers_follow_from_the_notice(given, words, why):
    found = notices.modifiers(given, at=START)

    assert found.words == words
    assert why in found.reason


@pytest.mark.parametrize(("days", "words"), [(-1, "GY"), (0, "GX GY"), (90, "GX GY"), (91, "GY")])
def test_a_notice_of_a_course_is_for_its_duration(days, words):
    on = DAY + dt.timedelta(days=days)

    assert notices.modifiers((COURSE,), at=at(on, 12)).words == words


@pytest.mark.parametrize(
    ("given_on", "needed"),
    [
        (dt.date(2023, 6, 29), None),
        (dt.date(2023, 6, 30), dt.date(2026, 1, 31)),
        (dt.date(2026, 5, 12), dt.date(2026, 1, 31)),
        (dt.date(2026, 5, 13), dt.date(2029, 3, 31)),
    ],
)
def test_the_form_in_force_on_a_day_is_known(given_on, needed):
    assert notices.form_needed(given_on) == needed


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (None, set()),
        (MedicareFacts(), {"medicare-non-coverage"}),
        (MedicareFacts((VOLUNTARY,)), set()),
        (MedicareFacts((MANDATORY,)), set()),
        (MedicareFacts((replace(MANDATORY, option="3"),)), {"notice-declined"}),
        (MedicareFacts((replace(MANDATORY, form_expires_on=dt.date(2026, 1, 31)),)), {"notice-on-old-form"}),
        (
            MedicareFacts((replace(COURSE, for_on=dt.date(2026, 5, 1), until_on=dt.date(2026, 11, 15)),)),
            {"notice-over"},
        ),
        (
            MedicareFacts((MANDATORY, replace(MANDATORY, option="3", given_at=at(DAY, 9, 30)))),
            {"notice-declined"},
        ),
        (MedicareFacts((COURSE,), changed_at=at(DAY, 23)), set()),
        (MedicareFacts((replace(COURSE, given_on=DAY - dt.timedelta(days=1)),), at(DAY, 9)),
         {"notice-before-a-change"}),
    ],
)  # fmt: skip
def test_what_a_notice_lacks_is_said_before_the_treatment(facts, codes):
    found = notices.opening_reasons(facts, at=START)

    assert {reason.code for reason in found} == codes
    assert {reason.level for reason in found if reason.code != "notice-declined"} <= {"caution"}


WHOLE = {
    "kind": "mandatory", "given_at": at(DAY, 9), "now": START, "for_on": DAY, "form_expires_on": FORM,
    "items": "Dry needling", "reason": "Not paid", "estimated_cost": Decimal(60), "option": "1",
    "is_signed": True,
}  # fmt: skip
BARE = {"kind": "voluntary", "given_at": at(DAY, 9), "now": START, "for_on": DAY}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (WHOLE, set()),
        (BARE, set()),
        (BARE | {"until_on": DAY}, {"items", "reason"}),
        (BARE | {"until_on": DAY, "items": "Needling", "reason": "Not paid"}, set()),
        (BARE | {"given_at": at(DAY, 11)}, {"given_at"}),
        (BARE | {"for_on": DAY - dt.timedelta(days=1)}, {"for_on"}),
        (
            BARE | {"until_on": DAY - dt.timedelta(days=1), "items": "x", "reason": "y"},
            {"until_on"},
        ),
        (WHOLE | {"option": ""}, {"option"}),
        (WHOLE | {"is_signed": False}, {"is_signed"}),
        (WHOLE | {"estimated_cost": None}, {"estimated_cost"}),
        (WHOLE | {"items": " ", "reason": ""}, {"items", "reason"}),
        (WHOLE | {"form_expires_on": dt.date(2026, 1, 31)}, {"form_expires_on"}),
        (WHOLE | {"form_expires_on": None}, {"form_expires_on"}),
    ],
)
def test_only_a_mandatory_notice_needs_choice_signature_and_cost(typed, fields):
    assert {reason.field for reason in notices.new_reasons(**typed)} == fields


@pytest.fixture
def url(ada):
    return f"/patients/{ada.ref}/alerts/"


@pytest.fixture
def insured(ada, reception):
    return alerts.add(Coverage, ada, by=reception, kind="medicare")


def sent(**values) -> dict[str, str]:
    return {"what": "notice", **{f"notice-{name}": value for name, value in values.items()}}


def test_a_notice_is_asked_for_where_medicare_pays_only(signed_in, reception, url, ada):
    desk = signed_in(reception)
    assert "Medicare notices" not in desk.get(url).content.decode()

    alerts.add(Coverage, ada, by=reception, kind="medicare")

    page = desk.get(url).content.decode()
    assert "Medicare notices" in page
    assert "no notice is on file" in page


def test_a_voluntary_notice_is_recorded_without_choice_and_signature(
    signed_in, reception, url, ada, insured, time_machine
):
    time_machine.move_to(START)
    typed = sent(
        kind="voluntary", given_at="11/16/2026 9:00 AM", for_on="11/16/2026", until_on="2/15/2027",
        items="Dry needling", reason="Medicare does not pay for it", estimated_cost="60",
        form_expires_on="3/31/2029",
    )  # fmt: skip

    assert signed_in(reception).post(url, typed).status_code == 302

    notice = NonCoverageNotice.objects.get(patient=ada)
    assert (notice.option, notice.is_signed, notice.given_on) == ("", False, DAY)
    assert AuditEvent.objects.filter(code="notice.noted", patient_ref=ada.ref).count() == 1
    page = signed_in(reception).get(url).content.decode()
    for said in ("for treatment from Nov 16, 2026 to Feb 15, 2027", "estimated $60.00", "to Mar 31, 2029"):
        assert said in page, said
    assert "no notice is on file" not in page


def test_what_a_mandatory_notice_lacks_is_said_at_its_fields_and_kept(signed_in, reception, url, insured):
    typed = {
        "kind": "mandatory",
        "given_at": "11/16/2020 9:00 AM",
        "for_on": "11/16/2020",
        "items": "Needling",
    }

    response = signed_in(reception).post(url, sent(**typed))

    form = response.context["form"]
    assert response.status_code == 422
    assert set(form.errors) == {"reason", "estimated_cost", "option", "is_signed"}
    assert {name: form[name].value() for name in typed} == typed


def test_a_notice_that_ended_is_not_on_the_list_any_more(signed_in, reception, url, ada, insured):
    notice = factory(ada, reception)

    signed_in(reception).post(url, {"end": f"notice-{notice.pk}"})

    notice.refresh_from_db()
    assert notice.ended_by == reception
    assert "no notice is on file" in signed_in(reception).get(url).content.decode()


def factory(patient, by, **fields) -> NonCoverageNotice:
    today = timezone.localdate()
    given = {"kind": "voluntary", "given_on": today, "given_at": timezone.now(), "for_on": today}
    return NonCoverageNotice.objects.create(patient=patient, noted_by=by, **{**given, **fields})
