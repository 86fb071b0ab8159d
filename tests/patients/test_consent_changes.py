"""A changed consent text: who agreed before is asked for what changed, and for nothing else."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from patients.actions import alerts, consent_texts, consents
from patients.models import Consent, ConsentText, RelatedPerson
from patients.rules import consent_texts as consent_texts_rules
from patients.rules import validity
from patients.selectors import validity as validity_selectors
from tests import factories
from tests.patients.posted_answers import REGIONS, consent_text
from tests.patients.test_consent import DECLINE, GUARDIAN, HERE, READ, SIGN, SIGNED, give_consent, state
from tests.statements import as_lines, data_statements

NEW = "I know that the room has changed."


@pytest.fixture
def desk(reception, signed_in):
    return signed_in(reception)


def publish(by, *, statements: list[str], body: str = "", **fields) -> ConsentText:
    former = consent_text()
    columns = {
        "version": f"own-{ConsentText.objects.count()}", "title": former.title, "body": body or former.body,
        "statements": statements, "statement_names": [], "not_acupuncture": True, "digest": "ab" * 32,
    }  # fmt: skip
    text = ConsentText.objects.create(**{**columns, **fields})
    consent_texts.publish(text, by=by)
    return text


def change(by) -> ConsentText:
    """One statement in other words, one left out, the rest as it was; a paragraph more."""
    former = consent_text()
    statements = [NEW, *former.statements[2:]]
    return publish(by, statements=statements, body=f"{former.body}\n\nThe room. It is upstairs now.")


def reasons(patient) -> list:
    today = timezone.localdate()
    facts = validity_selectors.validity_facts([patient], on=today)[patient.pk]
    return validity.consent_reasons(facts, on=today)


def ask(desk, patient, therapist):
    start = reverse("patients:consent-start", args=[patient.ref])
    desk.post(f"{start}?update", {"therapist": therapist.pk})
    return desk


def test_a_changed_text_asks_again_and_the_former_consent_stands(ada, therapist, lead):
    give_consent(ada, therapist)
    assert state(ada).code == "consent-given"

    change(lead)

    assert (state(ada).code, state(ada).kind) == ("consent-changed", "caution")
    (reason,) = reasons(ada)
    assert (reason.code, reason.level) == ("consent-changed", "caution")
    assert reason.url.endswith(f"/patients/{ada.ref}/consents/start/?update")


def test_other_paragraphs_alone_ask_nobody(ada, therapist, lead):
    give_consent(ada, therapist)

    publish(lead, statements=consent_text().statements, body="In other words.")

    assert state(ada).code == "consent-given"


def test_the_desk_and_the_tablet_show_what_changed_and_nothing_else(desk, ada, reception, therapist, lead):
    given = give_consent(ada, therapist)
    text = change(lead)

    page = desk.get(reverse("patients:consent-start", args=[ada.ref]))
    assert page.context["changed"] == (NEW,)
    assert "Ask for what changed" in page.content.decode()

    tablet = ask(desk, ada, therapist)
    read = tablet.get(READ)
    assert "The room. It is upstairs now." in read.content.decode()
    assert [label for _, label in read.context["form"].fields["statements"].choices] == [NEW]
    assert "regions" not in read.context["form"].fields
    assert tablet.post(READ, {"statements": []}).status_code == 422
    tablet.post(READ, {"statements": ["0"]})
    assert tablet.post(SIGN, SIGNED).url == HERE

    update = Consent.objects.get(kind="update")
    assert (update.parent, update.text, update.statements) == (given, text, [NEW])
    assert (update.regions, update.expires_on) == ([], given.expires_on)
    assert state(ada).code == "consent-given"
    facts = validity_selectors.validity_facts([ada], on=timezone.localdate())[ada.pk]
    assert facts.consent.regions == frozenset(REGIONS)


def test_who_does_not_agree_to_the_change_does_not_consent(desk, ada, therapist, lead):
    give_consent(ada, therapist)
    text = change(lead)

    ask(desk, ada, therapist).post(DECLINE, {"reason": "No stairs."})

    refusal = Consent.objects.get(refused_at__isnull=False)
    assert (refusal.kind, refusal.text) == ("update", text)
    assert state(ada).code == "consent-refused"

    give_consent(
        ada, therapist, text=text, statements=[NEW], regions=[], parent=refusal.parent, is_update=True
    )
    assert state(ada).code == "consent-given"


def test_a_withdrawn_update_is_asked_for_again(ada, therapist, lead):
    given = give_consent(ada, therapist)
    text = change(lead)
    update = give_consent(
        ada, therapist, text=text, statements=[NEW], regions=[], parent=given, is_update=True
    )
    assert state(ada).code == "consent-given"

    consents.withdraw(update, by=therapist)
    assert state(ada).code == "consent-changed"

    consents.withdraw(given, by=therapist)
    assert state(ada).code == "consent-withdrawn"


def test_a_guardian_agrees_to_the_change_of_a_child(reception, therapist, lead):
    born = timezone.localdate() - dt.timedelta(days=12 * 366)
    tim = factories.patient(reception, family_name="Samplekin", given_name="Tim", born=born)
    alerts.add(RelatedPerson, tim, by=reception, kind="guardian", name=GUARDIAN["signer_name"])
    both = [*consent_text().statements, "The young person agrees to the treatment as well."]
    given = give_consent(tim, therapist, statements=both, **GUARDIAN)
    text = change(lead)

    update = give_consent(
        tim, therapist, text=text, statements=[NEW, both[-1]], regions=[], parent=given, is_update=True,
        **GUARDIAN,
    )  # fmt: skip

    assert update.statements == [NEW, both[-1]]
    assert state(tim).code == "consent-given"


def test_a_consent_on_paper_is_not_compared(ada, therapist, lead):
    consents.record_paper(
        ada, by=therapist, paper_on=timezone.localdate(), paper_place="Folder 3", regions=REGIONS,
        signer="patient", signer_name=SIGNED["signer_name"], therapist=therapist,
    )  # fmt: skip

    change(lead)

    assert state(ada).code == "consent-given"


def test_a_text_in_another_language_asks_nobody(ada, therapist, lead):
    give_consent(ada, therapist)

    publish(lead, statements=["Lo leí."], language="es")

    assert state(ada).code == "consent-given"


def test_what_is_asked_of_many_costs_no_more(ada, reception, therapist, lead):
    people = [ada, *(factories.patient(reception, family_name=f"Sample{n}") for n in range(5))]
    for person in people:
        factories.consent(person, therapist)
    change(lead)

    with data_statements() as data:
        validity_selectors.validity_facts(people, on=timezone.localdate())

    assert len(data) == 1, as_lines(data)


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("Right to stop: I may stop.", "Right to stop", "I may stop."),
        ("I may stop.", "", "I may stop."),
        (": I may stop.", "", ": I may stop."),
        (f"{'x' * 61}: I may stop.", "", f"{'x' * 61}: I may stop."),
    ],
)
def test_a_line_names_its_statement_before_the_colon(line, name, text):
    found = consent_texts_rules.statement_of(line)

    assert (found.name, found.text) == (name, text)


def test_versions_are_compared_by_name_and_an_unnamed_one_by_its_words():
    named = consent_texts_rules.named
    former = named(["I read it.", "I may stop.", "I drive home."], [])
    current = named(["I read it.", "I may say no or stop.", "I ask."], ["Read", "Stop", "Ask"])

    first = consent_texts_rules.statement_differences(former, current)
    then = consent_texts_rules.statement_differences(current, named(["I read it all."], ["Read"]))

    assert [row.kind for row in first] == ["same", "added", "added", "removed", "removed"]
    assert [(row.kind, row.name) for row in then] == [
        ("changed", "Read"), ("removed", "Stop"), ("removed", "Ask"),
    ]  # fmt: skip


def test_paragraphs_are_compared_in_the_order_of_reading():
    rows = consent_texts_rules.paragraph_differences(
        "One.\n\nTwo.\n\nThree.", "One.\r\n\r\nTwo now.\n\nThree."
    )

    assert [(row.kind, row.current) for row in rows] == [
        ("same", "One."), ("changed", "Two now."), ("same", "Three."),
    ]  # fmt: skip
