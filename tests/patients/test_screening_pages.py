"""Health questions asked by staff and reviewed by a therapist."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values import errors
from patients.actions import screenings
from patients.models import Screening, ScreeningItem
from patients.rules import screenings as screenings_rules
from patients.rules import validity as validity_rules
from patients.rules.screenings import GivenAnswer
from patients.selectors import validity
from tests import factories
from tests.patients.posted_answers import answers_without_concern
from tests.statements import BUDGET, as_lines, data_statements


@pytest.fixture
def page(ada):
    return reverse("patients:screening-answer", args=[ada.ref, "intake"])


def taken(ada, by, kind="intake", **answers) -> Screening:
    """An unreviewed screening."""
    arm = ({"region": "f-arm", "side": "left"},)
    given = {
        name.removeprefix("answer-"): GivenAnswer(value, regions=arm if value == "yes" else ())
        for name, value in answers_without_concern(kind, **answers).items()
    }
    return screenings.take(ada, by=by, kind=kind, source=Screening.Source.TABLET, answers=given)


def read(screening: Screening) -> str:
    return reverse("patients:screening", args=[screening.patient.ref, screening.pk])


def codes() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("code", flat=True))


def test_nothing_is_answered_beforehand(page, therapist, signed_in):
    body = signed_in(therapist).get(page).content.decode()

    assert body.count('type="radio"') == 3 * ScreeningItem.objects.filter(kind="intake").count()
    assert " checked" not in body
    assert 'name="regions-lymph-swelling" value="arm-hand:left"' in body


def test_filed_answers_lead_to_their_review(page, ada, therapist, signed_in):
    visit = factories.arrived(ada, therapist)

    answer = signed_in(therapist).post(page, answers_without_concern(blood_thinner="yes", **{"detail-x": ""}))

    screening = Screening.objects.get()
    assert answer.url == read(screening)
    assert (screening.computed_level, screening.visit, screening.source) == ("caution", visit, "staff")
    asked = ScreeningItem.objects.filter(kind="intake")
    assert len(screenings_rules.answered(screening)) == asked.count()
    assert "screening.taken" in codes()


def test_an_unanswered_question_refuses_the_filing_and_keeps_the_rest(page, therapist, signed_in):
    typed = {**answers_without_concern(), "detail-blood-thinner": "apixaban since May"}
    del typed["answer-pregnant"]

    answer = signed_in(therapist).post(page, typed)

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose an answer: Are you pregnant" in body
    assert "apixaban since May" in body
    assert body.count(" checked") == len(typed) - 2
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("answer-pregnant", "maybe", "Choose an answer: Are you pregnant"),
        ("detail-blood-thinner", "x" * 10_001, "10,000 fit"),
        ("detail-blood-thinner", "a\0b", "cannot be stored"),
        ("regions-implant", ["tail:left"], "from the list"),
    ],
)
def test_bad_input_gets_a_sentence(page, therapist, signed_in, field, value, sentence):
    answer = signed_in(therapist).post(page, {**answers_without_concern(), field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Screening.objects.exists()


def test_a_yes_about_a_place_needs_the_place(page, ada, therapist, signed_in):
    client = signed_in(therapist)

    refused = client.post(page, answers_without_concern(lymph_swelling="yes"))
    client.post(
        page, {**answers_without_concern(lymph_swelling="yes"), "regions-lymph-swelling": ["arm-hand:left"]}
    )

    (row,) = screenings_rules.answered(Screening.objects.get())[:1]
    assert "Choose which part of the body" in refused.content.decode()
    assert {"region": "f-hand", "side": "left"} in row.regions
    assert {place["side"] for place in row.regions} == {"left"}
    assert Screening.objects.get().computed_level == "caution"


def test_a_form_posted_twice_is_filed_once(page, therapist, signed_in):
    client, typed = signed_in(therapist), answers_without_concern()

    first, second = client.post(page, typed), client.post(page, typed)

    assert first.url == second.url
    assert Screening.objects.count() == 1


def test_a_clear_visit_screen_asked_by_a_therapist_needs_no_second_look(ada, therapist, signed_in):
    visit = factories.arrived(ada, therapist)
    page = reverse("patients:screening-answer", args=[ada.ref, "visit"])

    answer = signed_in(therapist).post(page, answers_without_concern("visit"))

    screening = Screening.objects.get()
    facts = validity.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert answer.url == ada.get_absolute_url()
    assert (screening.decided_level, screening.reviewed_by) == ("clear", therapist)
    assert validity_rules.visit_reasons(facts, visit_id=visit.pk) == []


def test_a_clear_visit_screen_from_the_tablet_starts_no_alarm(ada, reception):
    screening = taken(ada, reception, kind="visit")

    facts = validity.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert screening.reviewed_at is None
    assert validity_rules.visit_reasons(facts) == []


def test_concerns_stand_first_with_what_to_do(ada, therapist, signed_in):
    screening = taken(ada, therapist, blood_thinner="yes", lymph_swelling="yes")

    body = signed_in(therapist).get(read(screening)).content.decode()

    assert body.index("Lymph swelling") < body.index("Other answers")
    assert "Arm and hand, left" in body
    assert "Do not needle that limb or region." in body
    assert codes()[-1] == "screening.opened"


def test_a_stop_is_lowered_only_with_a_reason(ada, therapist, signed_in):
    screening = taken(ada, therapist, needle_fear="yes")
    client = signed_in(therapist)

    refused = client.post(read(screening), {"decision": "modify", "reason": " "})
    client.post(read(screening), {"decision": "modify", "reason": "Insists, lies down"})

    screening.refresh_from_db()
    assert refused.status_code == 422
    assert "Write why" in refused.content.decode()
    assert (screening.computed_level, screening.decided_level) == ("stop", "caution")
    assert screening.reviewed_by == therapist
    assert screening.expires_on > timezone.localdate()
    assert "screening.reviewed" in codes()


def test_a_refusal_cannot_be_lowered(ada, therapist, signed_in):
    screening = taken(ada, therapist, willing="no")

    answer = signed_in(therapist).post(read(screening), {"decision": "proceed", "reason": "She will be fine"})

    screening.refresh_from_db()
    assert answer.status_code == 422
    assert "She will be fine" in answer.content.decode()
    assert screening.reviewed_at is None


def test_a_review_closes_the_answers(ada, therapist, lead):
    screening = taken(ada, therapist)
    screenings.review(screening, by=lead, decision="proceed")

    with pytest.raises(errors.StaleRecord):
        screenings.review(screening, by=therapist, decision="defer", reason="x")
    with pytest.raises(errors.RecordLocked):
        Screening.objects.get().save()


def test_the_slower_reviewer_is_told(ada, therapist, signed_in):
    screening = taken(ada, therapist)
    client = signed_in(therapist)
    client.post(read(screening), {"decision": "proceed"})

    body = client.post(read(screening), {"decision": "defer", "reason": "x"}).content.decode()

    assert "Decision" in body
    assert Screening.objects.get().decision == "proceed"


def test_the_desk_reads_no_answer(ada, reception, signed_in, page):
    screening = taken(ada, reception, blood_thinner="yes")
    client = signed_in(reception)

    assert client.get(read(screening)).status_code == 403
    assert client.get(page).status_code == 403
    assert client.post(page, answers_without_concern()).status_code == 403
    assert codes()[-1] == "access.refused"


def test_a_lead_reviews_but_does_not_ask(ada, therapist, lead, signed_in, page):
    screening = taken(ada, therapist)
    client = signed_in(lead)

    assert client.get(page).status_code == 403
    assert client.post(read(screening), {"decision": "proceed"}).status_code == 302


def test_answers_of_another_patient_are_not_found(ada, therapist, signed_in):
    screening = taken(ada, therapist)
    other = factories.patient(therapist)

    client = signed_in(therapist)

    elsewhere = client.get(reverse("patients:screening", args=[other.ref, screening.pk]))
    unknown = client.get(reverse("patients:screening-answer", args=[ada.ref, "soup"]))
    assert (elsewhere.status_code, unknown.status_code) == (404, 404)


def test_pages_stay_within_their_budget(ada, therapist, signed_in, page):
    for _ in range(5):
        screening = taken(ada, therapist, blood_thinner="yes")
    client = signed_in(therapist)

    for address in (page, read(screening)):
        with data_statements() as queries:
            client.get(address)
        assert len(queries) <= BUDGET, as_lines(queries)


def stop_now(client, page, **answers):
    return client.post(page, {"stop": "now", **answers})


def test_a_stop_is_filed_before_the_other_questions_are_asked(page, ada, therapist, signed_in):
    client = signed_in(therapist)
    assert client.post(page, {"answer-ill-now": "yes"}).status_code == 422, "without being asked for"

    answer = stop_now(client, page, **{"answer-ill-now": "yes", "answer-pacemaker": "no"})

    screening = Screening.objects.get()
    assert answer.url == read(screening)
    assert (screening.computed_level, len(screenings_rules.answered(screening))) == ("stop", 2)
    assert len(screening.not_asked) == ScreeningItem.objects.filter(kind="intake").count() - 2
    state = validity.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert validity_rules.screening_state(state, on=timezone.localdate()).code == "screening-stop"


@pytest.mark.parametrize("answers", [{}, {"answer-pacemaker": "yes"}, {"answer-can-decide": "yes"}])
def test_without_a_stop_every_question_is_asked(page, therapist, signed_in, answers):
    assert stop_now(signed_in(therapist), page, **answers).status_code == 422
    assert not Screening.objects.exists()


def test_a_stop_of_one_part_of_the_body_waits_for_nothing_either(page, therapist, signed_in):
    stop_now(signed_in(therapist), page, **{"answer-lymph-swelling": "yes"})

    screening = Screening.objects.get()
    assert (screening.computed_level, "lymph-swelling" in screening.not_asked) == ("stop", True), "not where"


def test_nothing_lowers_a_stop_while_questions_were_not_asked(page, therapist, signed_in):
    client = signed_in(therapist)
    stop_now(client, page, **{"answer-ill-now": "yes"})
    screening = Screening.objects.get()

    shown = client.get(read(screening)).content.decode()
    refused = client.post(read(screening), {"decision": "proceed", "reason": "looks well"})
    filed = client.post(read(screening), {"decision": "defer"})

    assert "Not everything was asked." in shown
    assert "Do you have a pacemaker" in shown
    assert refused.status_code == 422
    assert "Ask the rest first" in " ".join(refused.context["form"].errors["decision"])
    assert filed.status_code == 302


def test_the_rest_is_asked_with_what_was_answered(page, therapist, signed_in):
    client = signed_in(therapist)
    detail = {"answer-skin": "yes", "regions-skin": "arm-hand:left", "detail-skin": "a cut"}
    stop_now(client, page, **{"answer-ill-now": "yes", **detail})
    first = Screening.objects.get()
    link = f"{page}?from={first.pk}"
    assert link in client.get(read(first)).content.decode()

    form = client.get(link).context["form"]

    assert (form["answer-ill-now"].value(), form["answer-pacemaker"].value()) == ("yes", None)
    assert (form["regions-skin"].value(), form["detail-skin"].value()) == (["arm-hand:left"], "a cut")
    for other in ("x", "0", "9" * 30, str(first.pk + 1)):
        assert client.get(f"{page}?from={other}").status_code in (200, 404)
    client.post(page, answers_without_concern())
    assert Screening.objects.first().not_asked == []
