"""A note that is signed in any language has the words, the digest and the record of one in English."""

import html
import json

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone

from clinic.models import Practice
from tests import factories, pseudo_locale
from tests.treatments import notes
from treatments.actions.session import fields as fields_actions
from treatments.actions.signing import after_signing, cosigning, signature
from treatments.actions.sites import prompts as prompt_actions
from treatments.models import Measurement, NeedleSite, NeedlingSession, Override
from treatments.rules.session import draft_parts
from treatments.rules.signing import reading
from treatments.rules.sites import hazards, over_lung
from treatments.selectors.session import draft as drafts
from treatments.selectors.signing import seal

pytestmark = pytest.mark.django_db

EVERY_COLUMN = {
    "technique": NeedleSite.Technique.STIMULATED,
    "needles": 3,
    "twitches": 0,
    "depth_mm": 35,
    "dwell_seconds": 460,
    "direction": "medial",
    "taut_band": True,
    "nodule": False,
    "referral_reproduced": True,
    "pain_during": 4,
    "bleeding": NeedleSite.Bleeding.SPOT,
    "haemostasis": "pressure",
    "lot": "L-77",
    "stimulation_device": "Testbox 2",
    "stimulation_hz": "2.5",
    "stimulation_us": 200,
    "stimulation_ma": "1.20",
    "sub_site": "lower part",
    "note": "Calm.",
}


@pytest.fixture(autouse=True)
def one_day(noon):
    """Sets the clock to noon, because a note just after midnight was begun on the day before."""


@pytest.fixture
def whole(draft, other_therapist):
    """A draft with everything that a note can say, whose rules ask for reasons."""
    Practice.objects.update(two_people_count=True)
    ready = notes.ready(
        draft, position="prone", skin_prep="alcohol", tolerance="sore", tolerance_detail="A little.",
        other_care="Heat.", note="Told to rest.", next_visit_on=timezone.localdate(), needles_opened=5,
        needles_unused=0, needles_out=3, supervisor=other_therapist, needles_second_by=other_therapist,
        needles_second_at=timezone.now(),
    )  # fmt: skip
    factories.site(ready, side="left", **EVERY_COLUMN)
    for kind in Measurement.Kind.values[:2]:
        Measurement.objects.create(
            session=ready, kind=kind, joint="neck", motion="rotation", side="left", before=40, after=50,
            unit="degrees", pain_at_end=True,
        )  # fmt: skip
    return ready


def raised(session) -> list:
    return draft_parts.prompts_for(drafts.whole(session.pk))


def give_reasons(session) -> None:
    for prompt in raised(session):
        prompt_actions.answer_prompt(
            session, by=session.therapist, rule=prompt.rule, key=prompt.site_key or None, reason="Agreed on."
        )


def sign(session) -> NeedlingSession:
    give_reasons(session)
    said = {"incident_reason": "One fell.", "identity_checked": True, "proved": True}
    signature.sign(session, by=session.therapist, **said)
    return NeedlingSession.objects.get(pk=session.pk)


def add_beneath(note, supervisor) -> None:
    after_signing.addend(note, by=note.therapist, kind="late_entry", reason="Forgotten", text="It was warm.")
    cosigning.cosign(note, by=supervisor, proved=True, addenda_seen=1, statement="Present throughout.")


def now_sealed(note) -> str:
    """What the same note gives, sealed now at the same instant."""
    return seal.text_of(seal.reread(note), signer=note.signed_by, at=note.seal.sealed_at)


def verdict(note) -> seal.SealCheck:
    rows = seal.with_locked_rows(NeedlingSession.objects.filter(pk=note.pk)).select_related("seal")
    return seal.verify(rows.get())


def words_in_the_record() -> list[str]:
    """Every text of every table of ours."""
    ours = [
        model for model in apps.get_models() if model._meta.app_label in ("clinic", "patients", "treatments")
    ]
    found = []
    for model in ours:
        names = [
            column.attname
            for column in model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField | models.JSONField)
        ]
        found += [json.dumps(row, default=str, ensure_ascii=False) for row in model.objects.values(*names)]
    return found


def test_a_note_signed_in_another_language_is_sealed_in_source_words(whole, other_therapist):
    with pseudo_locale.active():
        note = sign(whole)
        add_beneath(note, other_therapist)
        in_brackets = now_sealed(note)

    assert note.seal.text == in_brackets == now_sealed(note)
    assert pseudo_locale.OPENING not in note.seal.text
    assert "left in with stimulation for 7 min 40 s" in note.seal.text
    assert "no nodule" in note.seal.text


def test_its_seal_agrees_in_every_language(whole):
    with pseudo_locale.active():
        note = sign(whole)
        assert verdict(note).agrees
    assert verdict(note).agrees


def test_one_signed_in_the_source_language_agrees_in_another(whole):
    note = sign(whole)
    with pseudo_locale.active():
        assert verdict(note).agrees
        assert now_sealed(note) == note.seal.text


def test_no_translated_word_stands_in_the_record_or_the_audit(whole, other_therapist):
    with pseudo_locale.active():
        stamp = {"base_version": 0, "seq": 1}
        fields_actions.save_field(whole, by=whole.therapist, field="plan", value="Twice a week.", **stamp)
        note = sign(whole)
        add_beneath(note, other_therapist)
        after_signing.mark_error(note, by=note.therapist, reason="Tried out.")

    assert [text for text in words_in_the_record() if pseudo_locale.OPENING in text] == []


def test_a_reason_answers_what_was_asked_in_every_language(whole):
    with pseudo_locale.active():
        give_reasons(whole)
        asked = {prompt.asked for prompt in raised(whole)}
        assert len(asked) == 3
        assert all(prompt.message.startswith(pseudo_locale.OPENING) for prompt in raised(whole))
    answered = drafts.whole(whole.pk).answers

    assert {prompt.asked for prompt in raised(whole)} == asked
    assert {prompt.key for prompt in raised(whole)} <= answered.keys()
    assert set(Override.objects.values_list("asked", flat=True)) == asked


def test_what_is_published_over_the_lung_is_asked_about_in_source_words(draft):
    factories.site(draft, "rho", depth_mm=25)
    with pseudo_locale.active():
        [prompt] = [prompt for prompt in raised(draft) if prompt.rule == hazards.OVER_PUBLISHED]

    assert prompt.message.startswith(pseudo_locale.OPENING)
    assert pseudo_locale.OPENING not in prompt.asked
    assert str(over_lung.RHOMBOID.text) in prompt.asked


def test_what_will_be_signed_is_read_back_in_source_words(whole):
    draft = drafts.whole(whole.pk)
    note = reading.unsealed_note(draft)
    with pseudo_locale.active():
        in_brackets = reading.unsealed_note(draft)

    assert (in_brackets.sites, in_brackets.sentences) == (note.sites, note.sentences)


def test_a_signed_note_is_shown_and_printed_as_it_was_sealed(whole, signed_in, lead):
    note = sign(whole)
    sealed = json.loads(note.seal.text)["said"]
    said = [*sealed["session"], *(site["head"] for site in sealed["sites"])]
    pages = [note.get_absolute_url(), reverse("treatments:session-print", args=[note.ref])]

    with pseudo_locale.active():
        shown = [html.unescape(signed_in(lead).get(page).text) for page in pages]

    for text in shown:
        assert [sentence for sentence in said if sentence not in text] == []
