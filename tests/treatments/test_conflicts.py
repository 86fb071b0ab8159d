"""Two people write one draft without scripts: both values are shown, and one step goes on."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.form_client import FormClient
from treatments.actions.session import fields
from treatments.actions.session.draft_events import Stamp
from treatments.actions.sites import correction as site_correction
from treatments.models import NeedlingSession

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(draft, other_therapist):
    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    return factories.site(draft, "is", insertions=2, needles=1)


@pytest.fixture
def edited(draft, site, signed_in):
    """The page of one site, opened before a colleague sets four insertions and a lot."""
    browser = FormClient(signed_in(draft.therapist))
    browser.open(reverse("treatments:site-edit", args=[draft.ref, site.key]))
    site_correction.change(draft, by=draft.supervisor, key=site.key, stamp=Stamp(), insertions=4, lot="L-1")
    return browser


def press_theirs(browser, name):
    button = next(button for button in browser.form(name).buttons if button[0] == "theirs")
    return browser.try_to_send(name, press=button)


def test_a_site_that_both_changed_shows_both_values_and_keeps_the_rest(edited, site):
    edited.try_to_send("sub_site", insertions="5", sub_site="Upper part")

    assert edited.page.status_code == 409
    shown = [(each.label, each.theirs, each.mine) for each in edited.page.context["form"].differences]
    assert shown == [("Insertions", "4", "5")]
    form = edited.form("sub_site")
    assert form.fields["sub_site"].values == ["Upper part"]
    assert form.fields["lot"].values == ["L-1"]
    site.refresh_from_db()
    assert (site.insertions, site.sub_site) == (4, "")


def test_a_site_goes_on_with_what_was_typed(edited, site):
    edited.try_to_send("sub_site", insertions="5", sub_site="Upper part")
    edited.try_to_send("sub_site")

    site.refresh_from_db()
    assert (site.insertions, site.sub_site, site.lot) == (5, "Upper part", "L-1")


def test_a_site_goes_on_with_what_was_saved(edited, site):
    edited.try_to_send("sub_site", insertions="5", sub_site="Upper part")
    press_theirs(edited, "sub_site")

    site.refresh_from_db()
    assert (site.insertions, site.sub_site, site.lot) == (4, "Upper part", "L-1")


def test_two_who_change_different_things_of_a_site_need_no_choice(edited, site):
    edited.try_to_send("sub_site", sub_site="Upper part")

    site.refresh_from_db()
    assert (site.insertions, site.sub_site, site.lot) == (4, "Upper part", "L-1")


@pytest.fixture
def plain(draft, site, signed_in):
    """The whole page without scripts, opened before a colleague writes note and position."""
    browser = FormClient(signed_in(draft.therapist)).open(draft.get_absolute_url())
    for name, value in (("note", "Theirs."), ("position", "prone")):
        fields.save_field(draft, by=draft.supervisor, field=name, value=value)
    return browser


def test_a_plain_save_shows_both_values_and_keeps_the_rest(plain, draft):
    plain.try_to_send("note", note="Mine.", plan="Again in a week.")

    assert plain.page.status_code == 409
    shown = [(each.label, each.theirs, each.mine) for each in plain.page.context["form"].differences]
    assert shown == [("Note", "Theirs.", "Mine.")]
    form = plain.form("note")
    assert (form.fields["note"].values, form.fields["plan"].values) == (["Mine."], ["Again in a week."])


@pytest.mark.parametrize(("keeps_theirs", "note"), [(False, "Mine."), (True, "Theirs.")])
def test_a_plain_save_goes_on_either_way_in_one_step(plain, draft, keeps_theirs, note):
    plain.try_to_send("note", note="Mine.", plan="Again in a week.")
    if keeps_theirs:
        press_theirs(plain, "note")
    else:
        plain.try_to_send("note")

    draft.refresh_from_db()
    assert (draft.note, draft.plan, draft.position) == (note, "Again in a week.", "prone")


def test_a_plain_save_of_something_else_needs_no_choice(plain, draft):
    plain.try_to_send("note", plan="Again in a week.")

    draft.refresh_from_db()
    assert (draft.note, draft.plan, draft.position) == ("Theirs.", "Again in a week.", "prone")


@pytest.mark.parametrize(
    ("name", "sent", "shown"),
    [
        ("site-line", {"line-line": "is r 2 t1 0.30x40", "line-key": str(uuid.uuid4())}, "is r 2 t1 0.30x40"),
        ("session", {"note": "Sore after the second site."}, "Sore after the second site."),
    ],
)  # fmt: skip
def test_a_note_that_was_closed_meanwhile_shows_what_was_typed(draft, signed_in, name, sent, shown):
    client = signed_in(draft.therapist)
    NeedlingSession.objects.filter(pk=draft.pk).update(voided_at=timezone.now(), voided_by=draft.therapist)

    answer = client.post(
        reverse(f"treatments:{name}", args=[draft.ref]), {**sent, "client_id": str(uuid.uuid4())}
    )

    assert answer.status_code == 409
    assert shown in answer.text


def test_a_correction_that_is_sent_again_is_no_conflict_with_oneself(draft, site, signed_in):
    """The answer was lost on its way: the same values stand, though a column writes 2 as 2.0."""
    browser = FormClient(signed_in(draft.therapist))
    address = reverse("treatments:site-edit", args=[draft.ref, site.key])
    browser.open(address)
    sent = browser.form("sub_site").filled(stimulation_hz="2", stimulation_ma="0,5", dwell="08")

    for _ in "12":
        assert browser.client.post(address, sent).status_code == 302
