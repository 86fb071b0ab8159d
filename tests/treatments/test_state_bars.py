"""A state that bars needling refuses each session, unless a lead recorded what counsel says."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.actions import all_states as all_states_actions
from clinic.actions import state_rules
from clinic.models import AuditEvent, CounselOpinion, Jurisdiction, Practice
from clinic.rules import all_states
from clinic.values.errors import RuleViolation
from tests import factories
from tests.form_client import FormClient
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.actions.sites import prompts as site_prompts
from treatments.models import NeedlingSession, Override
from treatments.rules.signing import seal

pytestmark = pytest.mark.django_db
SAID = {
    "counsel": "Sam Sample, Sample Law",
    "given_on": "11/20/2026",
    "opinion": "The board tolerates it",
    "reason": "Our patients ask for it",
    "document": "letter 12-2026",
}


@pytest.fixture
def ready(ada, therapist):
    return factories.ready_for_session(ada, therapist)


@pytest.fixture
def oregon():
    profile = Jurisdiction.objects.get(code="us-or-pt")
    Practice.objects.update(jurisdiction=profile)
    return profile


@pytest.fixture
def counsel_says(oregon, lead, signed_in):
    said = SAID | {"given_on": f"{timezone.localdate() - dt.timedelta(days=3):%m/%d/%Y}"}
    response = signed_in(lead).post(reverse("state-counsel", args=[oregon.code]), said)
    assert response.status_code == 302
    return CounselOpinion.objects.get()


def page_of(patient):
    return reverse("treatments:session-open", args=[patient.ref])


def sent(condition, **more):
    return {"conditions": [condition.pk], "access": "direct", "consent_confirmed": "on", **more}


def last(code):
    return AuditEvent.objects.filter(code=code).last()


@pytest.mark.parametrize(
    ("status", "begins", "expected"),
    [
        ("allowed", None, False), ("silent", None, False), ("barred", None, True), ("later", None, True),
        ("later", dt.date(2027, 7, 1), True), ("later", dt.date(2026, 6, 2), True),
        ("later", dt.date(2026, 6, 1), False), ("later", dt.date(2026, 5, 31), False),
        ("barred", dt.date(2020, 1, 1), True),
    ],
)  # fmt: skip
def test_a_state_bars_until_the_day_on_which_it_begins_to_allow(status, begins, expected):
    assert all_states.bars(status, begins, on=dt.date(2026, 6, 1)) is expected


def test_the_refusal_names_the_source_and_the_leads_way(ready, oregon, ada, therapist, signed_in):
    response = signed_in(therapist).get(page_of(ada))

    (reason,) = response.context["stops"]
    assert reason.code == "not-allowed-here"
    assert "Oregon HB 3824" in reason.message
    assert "a lead records it" in reason.message
    assert "not-allowed-here" in last("session.refused").reason


def test_with_what_counsel_says_the_session_opens_and_its_note_keeps_it(
    ready, counsel_says, ada, therapist, signed_in
):
    client = signed_in(therapist)
    page = client.get(page_of(ada))
    assert {reason.code for reason in page.context["cautions"]} == {"counsel-allows"}
    assert "letter 12-2026" in page.text

    client.post(page_of(ada), sent(ready, cautions_seen=page.context["cautions_seen"]))

    session = NeedlingSession.objects.get()
    answer = session.overrides.get()
    assert (answer.rule, answer.by) == ("state-bars", therapist)
    for part in (SAID["counsel"], "The board tolerates it.", SAID["document"], SAID["reason"], "Hana Oduya"):
        assert part in answer.reason
    shown = client.get(session.get_absolute_url()).text
    assert "letter 12-2026" in shown


def test_what_counsel_says_is_sealed_and_printed(ready, counsel_says, ada, therapist, signed_in):
    client = signed_in(therapist)
    client.post(page_of(ada), sent(ready))
    note = notes.signed(NeedlingSession.objects.get())

    (sealed,) = seal.read(note.seal)["locked"]["overrides"]
    assert "letter 12-2026" in sealed["reason"]
    printed = client.get(reverse("treatments:record-print", args=[ada.ref])).text
    assert "letter 12-2026" in printed


@pytest.fixture
def draft_meanwhile_barred(draft, oregon):
    """A draft of before the state's rules said no."""
    NeedlingSession.objects.filter(pk=draft.pk).update(jurisdiction=oregon)
    return notes.ready(draft)


def answer(draft, *, by):
    why = "Needled before we knew"
    return site_prompts.answer_prompt(draft, by=by, rule="state-bars", reason=why)


def test_where_the_state_came_to_bar_under_an_open_draft_no_therapist_answers_alone(
    draft_meanwhile_barred, therapist, signed_in
):
    with pytest.raises(RuleViolation) as refused:
        answer(draft_meanwhile_barred, by=therapist)

    assert refused.value.codes == {"counsel-missing"}
    assert not Override.objects.exists()
    page = signed_in(therapist).get(reverse("treatments:session-sign", args=[draft_meanwhile_barred.ref]))
    assert "a lead records what counsel says under State rules" in page.text


def test_with_what_counsel_says_the_draft_is_answered_and_its_note_keeps_both(
    draft_meanwhile_barred, counsel_says, therapist
):
    reason = answer(draft_meanwhile_barred, by=therapist).reason

    for part in (SAID["counsel"], SAID["document"], "Hana Oduya", "Needled before we knew"):
        assert part in reason
    assert signature.sign(draft_meanwhile_barred, by=therapist, proved=True, identity_checked=True).signed_at


def test_a_lead_records_who_when_what_why_and_where(counsel_says, oregon, lead):
    event = last("counsel.recorded")

    assert event.actor == lead
    assert event.changes["document"] == [None, SAID["document"]]
    assert event.reason == SAID["reason"]
    assert counsel_says.recorded_by == lead


def test_a_newer_word_ends_the_former(counsel_says, oregon, lead, signed_in):
    said = SAID | {"document": "letter 13-2026", "given_on": f"{timezone.localdate():%m/%d/%Y}"}
    signed_in(lead).post(reverse("state-counsel", args=[oregon.code]), said)

    assert CounselOpinion.objects.standing().get().document == "letter 13-2026"
    assert CounselOpinion.objects.count() == 2


def test_what_was_withdrawn_opens_nothing(ready, counsel_says, oregon, ada, therapist, lead, signed_in):
    url = reverse("state-counsel-withdraw", args=[oregon.code])
    assert signed_in(lead).post(url, {"reason": "Taken back"}).status_code == 302

    client = signed_in(therapist)
    client.post(page_of(ada), sent(ready))

    assert not NeedlingSession.objects.exists()
    assert last("counsel.withdrawn").reason == "Taken back"
    assert CounselOpinion.objects.get().withdrawn_by == lead


@pytest.fixture
def own_rules(counsel_says, oregon, admin):
    """The practice stands under its own copy, which permits on counsel's word what the shipped rules bar."""
    own = state_rules.copy(oregon, by=admin)
    own.status = Jurisdiction.Status.ALLOWED
    own.save(update_fields=["status"])
    Practice.objects.update(jurisdiction=state_rules.approve(own, by=admin))
    return own


def test_a_session_under_an_own_copy_holds_the_word_that_it_rests_on(
    ready, own_rules, oregon, ada, therapist, signed_in
):
    signed_in(therapist).post(page_of(ada), sent(ready))

    session = NeedlingSession.objects.get()
    assert session.jurisdiction == own_rules
    assert SAID["document"] in session.overrides.get(rule="state-bars").reason
    assert notes.signed(session).signed_at


def test_with_the_word_withdrawn_the_own_copy_bars_until_a_lead_records_it_anew(
    ready, own_rules, oregon, ada, therapist, lead, signed_in
):
    signed_in(lead).post(reverse("state-counsel-withdraw", args=[oregon.code]), {"reason": "Taken back"})

    (reason,) = signed_in(therapist).get(page_of(ada)).context["stops"]
    assert reason.code == "not-allowed-here"
    assert oregon.name in reason.message

    said = SAID | {"given_on": f"{timezone.localdate():%m/%d/%Y}"}
    signed_in(lead).post(reverse("state-counsel", args=[oregon.code]), said)
    assert signed_in(therapist).get(page_of(ada)).context["stops"] == []


def test_the_page_of_states_says_that_an_own_copy_has_lost_what_it_rests_on(
    own_rules, oregon, lead, signed_in
):
    card = card_of(own_rules, signed_in(lead))
    assert (card.rests_on, card.opinion.document) == (oregon.name, SAID["document"])

    signed_in(lead).post(reverse("state-counsel-withdraw", args=[oregon.code]), {"reason": "Taken back"})

    card = card_of(own_rules, signed_in(lead))
    assert (card.rests_on, card.opinion, card.counsel_code) == (oregon.name, None, oregon.code)


def test_a_draft_under_such_rules_waits_for_a_new_word(
    draft_meanwhile_barred, own_rules, oregon, therapist, lead
):
    NeedlingSession.objects.filter(pk=draft_meanwhile_barred.pk).update(jurisdiction=own_rules)
    all_states_actions.withdraw_opinion(oregon, by=lead, reason="Taken back")

    with pytest.raises(RuleViolation) as refused:
        answer(draft_meanwhile_barred, by=therapist)
    assert refused.value.codes == {"counsel-missing"}


@pytest.fixture
def text_changed(counsel_says, oregon):
    """An update brought another text of the rules that counsel spoke of."""
    Jurisdiction.objects.filter(pk=oregon.pk).update(source="Oregon HB 4001 (2027)")


def test_a_word_about_an_earlier_text_opens_nothing_and_says_so(
    ready, text_changed, oregon, ada, therapist, lead, signed_in
):
    (reason,) = signed_in(therapist).get(page_of(ada)).context["stops"]
    assert reason.code == "not-allowed-here"

    client = signed_in(lead)
    assert card_of(oregon, client).is_earlier
    page = client.get(reverse("state-rules")).text
    assert "About an earlier text" in page


def test_a_lead_confirms_the_word_for_the_text_of_today(
    ready, text_changed, oregon, ada, therapist, lead, signed_in
):
    page = FormClient(signed_in(lead)).open(reverse("state-counsel", args=[oregon.code]))
    page.send("counsel")

    assert [SAID["document"]] * 2 == [row.document for row in CounselOpinion.objects.all()]
    assert not card_of(oregon, signed_in(lead)).is_earlier
    assert signed_in(therapist).get(page_of(ada)).context["stops"] == []


def test_another_day_of_checking_is_no_other_text(ready, counsel_says, oregon, ada, therapist, signed_in):
    Jurisdiction.objects.filter(pk=oregon.pk).update(checked_on=timezone.localdate(), name="Oregon")

    assert signed_in(therapist).get(page_of(ada)).context["stops"] == []


def test_a_word_is_withdrawn_where_the_state_bars_no_more(counsel_says, oregon, lead, signed_in):
    Jurisdiction.objects.filter(pk=oregon.pk).update(status="allowed")
    client, url = signed_in(lead), reverse("state-counsel-withdraw", args=[oregon.code])
    assert url in client.get(reverse("state-rules")).text
    assert "refused here again" not in client.get(url).text

    client.post(url, {"reason": "The board adopted its rules"})

    assert not CounselOpinion.objects.standing().exists()
    assert client.get(url).status_code == 404


def card_of(profile, client):
    cards = client.get(reverse("state-rules")).context["cards"]
    return next(card for card in cards if card.code == profile.code)


def test_a_visit_without_needles_is_noted_whatever_the_state_says(ready, oregon, ada, therapist, signed_in):
    url = f"{page_of(ada)}?without=needles"
    signed_in(therapist).post(url, sent(ready, not_needled="evaluation"))

    session = NeedlingSession.objects.get()
    assert session.not_needled
    assert not session.overrides.exists()


def test_the_day_of_the_word_is_not_in_the_future(oregon, lead, signed_in):
    said = SAID | {"given_on": f"{timezone.localdate() + dt.timedelta(days=1):%m/%d/%Y}"}
    response = signed_in(lead).post(reverse("state-counsel", args=[oregon.code]), said)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"given_on"}
    assert SAID["opinion"] in response.text
    assert not CounselOpinion.objects.exists()


def test_an_empty_form_names_each_thing_that_is_missing(oregon, lead, signed_in):
    response = signed_in(lead).post(reverse("state-counsel", args=[oregon.code]), {})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == SAID.keys()


def test_a_state_that_does_not_bar_needs_no_word(lead, signed_in):
    for code in ("us-il-pt", "us-pa-pt", "general", "us-xx-pt"):
        assert signed_in(lead).get(reverse("state-counsel", args=[code])).status_code == 404


def test_only_a_lead_records_what_counsel_says(oregon, therapist, admin, reception, signed_in):
    for person in (therapist, admin, reception):
        assert signed_in(person).get(reverse("state-counsel", args=[oregon.code])).status_code == 403
