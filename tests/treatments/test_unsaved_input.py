"""Unsaved input of the session page outlives the page and is no part of the record."""

import uuid
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.values.errors import RuleViolation
from tests import factories, measuring
from tests.form_client import FormClient, post_forms
from tests.statements import data_statements
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.actions.sites import correction as site_correction
from treatments.actions.sites import entry as site_entry
from treatments.actions.sites import prompts as site_prompts
from treatments.models import Muscle, NeedlingSession, UnkeptEntry
from treatments.rules.session import unsaved
from treatments.rules.sites import shorthand

pytestmark = pytest.mark.django_db
KEY = str(uuid.uuid4())
ROW = {"key": KEY, "muscle": "Rhomboids (RHO)", "side": "left", "insertions": "3", "depth_mm": "1"}


@pytest.fixture
def draft(ada, therapist, other_therapist):
    session = factories.session(ada, therapist, supervisor=other_therapist)
    factories.session_condition(session)
    return session


@pytest.fixture
def post_input(draft, therapist, signed_in):
    """hold(by=therapist, **row) -> the response."""
    clients = {}

    def post(by=therapist, session=draft, **row):
        client = clients[by.pk] = clients.get(by.pk) or signed_in(by)
        path = reverse("treatments:session-unsaved", args=[session.ref])
        return client.post(path, row, headers={"X-Live": "1"})

    return post


@pytest.fixture
def page(draft, therapist, signed_in):
    """page(by=therapist, query="") -> {field: values} of the row and of the line, opened anew."""

    def opened(by=therapist, query="", session=draft):
        answer = signed_in(by).get(session.get_absolute_url() + query)
        assert answer.status_code == 200
        found = {}
        for form in post_forms(answer):
            if form.action.endswith(("/sites/", "/line/", "/reasons/")):
                found |= {name: part.values for name, part in form.fields.items() if any(part.values)}
        return found

    return opened


def test_a_row_that_was_begun_stands_on_the_page_again(post_input, page):
    assert post_input(**ROW, origins="side:tapped").status_code == 204

    row = page()

    assert {name: row[name] for name in ROW} == {name: [text] for name, text in ROW.items()}
    assert row["origins"] == ["side:tapped"]


def test_the_newest_text_is_the_one_that_stands(post_input, page):
    post_input(**ROW)
    post_input(**ROW | {"depth_mm": "12"})

    assert UnkeptEntry.objects.count() == 1
    assert page()["depth_mm"] == ["12"]


def test_a_row_that_is_emptied_is_gone(post_input, page):
    post_input(**ROW)

    assert post_input(key=KEY, origins="", region="x").status_code == 204

    assert not UnkeptEntry.objects.exists()
    assert "muscle" not in page()


def test_a_row_that_was_kept_is_not_begun_any_more(post_input, page, draft, therapist):
    """Its page saved the site and closed before it could clear the input; late requests change nothing."""
    post_input(**ROW)
    save_site(draft, therapist, uuid.UUID(KEY))

    assert "muscle" not in page()
    post_input(**ROW)
    assert "muscle" not in page()


def test_a_kept_row_that_was_removed_does_not_come_back(post_input, page, draft, therapist):
    [added] = save_site(draft, therapist, uuid.UUID(KEY))
    site_correction.strike(draft, by=therapist, key=added.site.key)
    post_input(**ROW)

    assert "muscle" not in page()


def save_site(draft, by, key):
    values = {"muscle": Muscle.objects.get(code="is"), "side": "left", "technique": "in_out",
              "tissue": "muscle", "gauge_mm": Decimal("0.30"), "length_mm": 40, "needles": 1,
              "insertions": 2, "twitches": 1}  # fmt: skip
    return site_entry.add(draft, by=by, key=key, **values)


def test_a_line_that_was_begun_stands_again_until_it_is_kept(post_input, page, draft, therapist):
    post_input(**{"line-line": "ut r 3 t2; is", "line-key": KEY})

    line = page()
    assert (line["line-line"], line["line-key"]) == (["ut r 3 t2; is"], [KEY])

    save_site(draft, therapist, shorthand.key_of_site(uuid.UUID(KEY), 0))
    assert "line-line" not in page()


def test_a_reason_that_was_begun_stands_where_it_is_asked(post_input, page, draft):
    site = factories.site(draft, "rho", "left", depth_mm=25)
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)

    post_input(**{f"reason-depth-over-limit-{site.key}": "Thick chest wall, mea"})

    assert page()["reason"] == ["Thick chest wall, mea"]


def test_each_writer_has_what_they_began(post_input, page, therapist, other_therapist):
    post_input(**ROW)
    post_input(other_therapist, **ROW | {"key": str(uuid.uuid4()), "side": "right"})

    assert page()["side"] == ["left"]
    assert page(other_therapist)["side"] == ["right"]


def test_a_row_that_the_address_asks_for_comes_first(post_input, page):
    post_input(**ROW)

    assert page(query="?pick-region=head-front-l").get("muscle") is None
    assert page()["muscle"] == [ROW["muscle"]]


@pytest.mark.parametrize(
    "said",
    [
        {"muscle": "is"},
        {"muscle": "is", "key": "not a key"},
        {"line-line": "ut r 3"},
        {**ROW, "site_note": "x" * 40_001},
        {**ROW, "site_note": "a\x00b"},
    ],
    ids=["no key", "no such key", "no key of the line", "too much", "nul"],
)
def test_what_no_page_of_ours_sends_is_refused_and_what_stands_stays(post_input, page, said):
    post_input(**ROW)

    assert post_input(**said).status_code == 400

    assert page()["depth_mm"] == [ROW["depth_mm"]]


def test_names_that_the_row_does_not_have_are_not_kept(post_input):
    post_input(**ROW, signed_at="2026-01-01", therapist="7", csrfmiddlewaretoken="x", **{"reason-": "x"})

    assert UnkeptEntry.objects.get().said == ROW


def test_a_draft_of_somebody_else_is_not_there(post_input, draft, lead, ada, therapist):
    stranger = factories.session(factories.patient(lead), lead)

    assert post_input(session=stranger, **ROW).status_code == 404
    assert not UnkeptEntry.objects.exists()


def test_a_closed_draft_takes_nothing_and_what_was_begun_in_it_goes(post_input, draft, therapist, ada):
    post_input(**ROW)
    other = factories.session(ada, therapist)
    NeedlingSession.objects.filter(pk=draft.pk).update(voided_at=timezone.now(), voided_by=therapist)

    answer = post_input(**ROW)
    assert (answer.status_code, answer.json()["locked"]) == (409, True)

    post_input(session=other, key=KEY)
    assert not UnkeptEntry.objects.exists()


def test_it_is_no_change_of_the_record(post_input, draft, therapist):
    post_input(**ROW)
    before = AuditEvent.objects.count(), draft.events.count()

    post_input(**ROW | {"depth_mm": "14"})

    assert (AuditEvent.objects.count(), draft.events.count()) == before


def test_saying_it_asks_little(post_input, page, draft, therapist):
    post_input(**ROW)
    with data_statements() as queries:
        post_input(**ROW | {"depth_mm": "14"})

    assert len(queries) <= 8, queries


def test_what_was_begun_is_read_in_the_question_that_reads_the_draft(draft, therapist, signed_in, post_input):
    client = signed_in(therapist)
    client.get(draft.get_absolute_url())
    with data_statements() as before:
        client.get(draft.get_absolute_url())
    post_input(**ROW, **{"line-line": "ut", "line-key": KEY})
    with data_statements() as after:
        client.get(draft.get_absolute_url())

    assert len(after) == len(before)


# ---- a measurement, and the correction of a site

MEASURED = {"measurement-kind": "rom", "measurement-joint": "knee", "measurement-side": "left"}


@pytest.fixture
def hold_measurement(draft, therapist, signed_in):
    def post(by=therapist, **texts):
        path = reverse("treatments:session-unsaved-measurement", args=[draft.ref])
        return signed_in(by).post(path, texts, headers={"X-Live": "1"})

    return post


def test_a_measurement_that_was_begun_stands_again_until_it_is_added(
    hold_measurement, draft, therapist, signed_in
):
    assert hold_measurement(**MEASURED).status_code == 204
    client = signed_in(therapist)

    opened = client.get(measuring.url(draft))
    assert opened.context["form"].initial == {"kind": "rom", "joint": "knee", "side": "left"}
    assert opened.context["form"].kind == "rom"
    assert "Not added yet (started " in opened.text
    assert "Go on with the measurement started" in client.get(draft.get_absolute_url()).text

    client.post(measuring.url(draft), measuring.typed())
    assert "Not added yet (started " not in client.get(measuring.url(draft)).text
    assert "Go on with the measurement started" not in client.get(draft.get_absolute_url()).text


def test_the_session_page_and_the_page_of_a_measurement_hold_each_their_own(
    hold_measurement, post_input, sign_page
):
    hold_measurement(**MEASURED)
    post_input(**ROW)
    assert begun_parts(sign_page()) == ["row", "measurement-"]

    hold_measurement(**{"measurement-kind": "rom"})
    assert begun_parts(sign_page()) == ["row"]


def test_what_an_earlier_release_held_of_a_measurement_is_not_lost(draft, therapist, signed_in):
    held = {"measurement-kind": "rom", "measurement-what": "Knee flexion", "measurement-side": "left"}
    UnkeptEntry.objects.create(session=draft, user=therapist, said=held, written_at=timezone.now())

    opened = signed_in(therapist).get(measuring.url(draft)).context["form"]

    assert (opened["remark"].value(), opened["side"].value()) == ("Knee flexion", "left")


def test_a_measurement_of_no_quantity_is_not_held(hold_measurement):
    assert hold_measurement(**{**MEASURED, "measurement-kind": "a b"}).status_code == 400


def test_a_measurement_of_another_kind_begins_empty(hold_measurement, draft, therapist, signed_in):
    hold_measurement(**MEASURED)

    opened = signed_in(therapist).get(measuring.url(draft, "tone"))

    assert opened.context["form"].initial == {}


@pytest.fixture
def site(draft):
    return factories.site(draft, "is", depth_mm=20)


@pytest.fixture
def hold_edit(draft, site, therapist, signed_in):
    def post(by=therapist, **texts):
        path = reverse("treatments:session-unsaved-edit", args=[draft.ref, site.key])
        return signed_in(by).post(path, texts, headers={"X-Live": "1"})

    return post


def edit_page(draft, site, client):
    return client.get(reverse("treatments:site-edit", args=[draft.ref, site.key]))


def test_a_correction_that_was_begun_stands_again_for_its_writer_alone(
    hold_edit, draft, site, therapist, other_therapist, signed_in
):
    assert hold_edit(depth_mm="2", sub_site="Upper").status_code == 204

    mine = edit_page(draft, site, signed_in(therapist))
    assert [mine.context["form"][name].value() for name in ("depth_mm", "sub_site")] == ["2", "Upper"]
    assert "Not saved yet (started " in mine.text
    theirs = edit_page(draft, site, signed_in(other_therapist))
    assert theirs.context["form"]["depth_mm"].value() == 20
    site.refresh_from_db()
    assert (site.depth_mm, site.sub_site) == (20, "")


def test_a_correction_and_a_row_do_not_replace_each_other(
    hold_edit, post_input, page, draft, site, therapist, signed_in
):
    post_input(**ROW)
    hold_edit(depth_mm="22")
    post_input(**ROW | {"side": "right"})

    assert page()["side"] == ["right"]
    assert edit_page(draft, site, signed_in(therapist)).context["form"]["depth_mm"].value() == "22"

    hold_edit()
    assert page()["side"] == ["right"]
    assert edit_page(draft, site, signed_in(therapist)).context["form"]["depth_mm"].value() == 20


def test_a_correction_that_was_saved_is_not_begun_any_more(hold_edit, draft, site, therapist, signed_in):
    hold_edit(depth_mm="22")
    browser = FormClient(signed_in(therapist))
    browser.open(reverse("treatments:site-edit", args=[draft.ref, site.key]))
    browser.send("depth_mm")

    assert draft.sites.get().depth_mm == 22
    assert not UnkeptEntry.objects.exists()


def test_leaving_a_site_as_it_was_puts_its_correction_away(
    hold_edit, post_input, page, draft, site, therapist, signed_in
):
    post_input(**ROW)
    hold_edit(depth_mm="22")
    opened = edit_page(draft, site, signed_in(therapist))
    [form] = [form for form in post_forms(opened) if "depth_mm" in form.fields]

    away = reverse("treatments:session-put-away", args=[draft.ref])
    assert signed_in(therapist).post(away, {**form.values, "part": [str(site.key)]}).status_code == 302

    assert edit_page(draft, site, signed_in(therapist)).context["form"]["depth_mm"].value() == 20
    assert page()["muscle"] == [ROW["muscle"]]


# ---- at review

LINE = {"line-line": "ut r 3 t2; is", "line-key": KEY}


@pytest.fixture
def sign_page(draft, therapist, signed_in):
    return lambda: signed_in(therapist).get(reverse("treatments:session-sign", args=[draft.ref]))


def begun_parts(answer) -> list[str]:
    return [reason.part for reason in answer.context["stops"] if reason.code == "begun"]


def test_everything_begun_is_shown_at_review(hold_edit, hold_measurement, post_input, sign_page, site):
    post_input(**ROW, **LINE)
    hold_measurement(**MEASURED)
    hold_edit(depth_mm="22")

    shown = sign_page()

    assert begun_parts(shown) == ["row", "line-", str(site.key), "measurement-"]
    for text in (
        "Rhomboids (RHO), left, 3 insertions",
        "ut r 3 t2; is",
        "Range of motion, knee, left",
        "correction of site 1",
    ):
        assert text in shown.text


def test_what_was_begun_after_the_review_stops_the_signature_itself(post_input, draft, therapist):
    note = notes.ready(draft)
    post_input(**ROW)
    with pytest.raises(RuleViolation) as refused:
        signature.sign(note, by=therapist, proved=True, identity_checked=True)

    assert refused.value.codes == {"begun"}


def test_a_correction_of_a_removed_site_is_asked_about_once_it_is_back(
    hold_edit, sign_page, draft, therapist, site
):
    hold_edit(depth_mm="22")
    site_correction.strike(draft, by=therapist, key=site.key)
    assert begun_parts(sign_page()) == []

    site_correction.strike(draft, by=therapist, key=site.key, undo=True)
    assert begun_parts(sign_page()) == [str(site.key)]


def test_a_reason_that_was_begun_is_shown_while_it_is_asked_for(post_input, sign_page, draft, therapist):
    site = factories.site(draft, "rho", "left", depth_mm=25)
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    name = f"reason-depth-over-limit-{site.key}"
    post_input(**{name: "Thick chest wall"})
    assert begun_parts(sign_page()) == [name]

    site_prompts.answer_prompt(
        draft, by=therapist, rule="depth-over-limit", key=site.key, reason="Thick chest wall"
    )
    assert begun_parts(sign_page()) == []


def test_a_side_and_proposals_alone_are_no_site_that_was_begun(post_input, sign_page):
    post_input(key=KEY, side="left", needle="0.30x40", technique="in_out", needles="1")

    assert begun_parts(sign_page()) == []


@pytest.mark.parametrize("part", ["row", "line-", "measurement-"])
def test_each_is_put_away_alone(post_input, hold_measurement, sign_page, draft, therapist, signed_in, part):
    post_input(**ROW, **LINE)
    hold_measurement(**MEASURED)

    away = reverse("treatments:session-put-away", args=[draft.ref])
    answer = signed_in(therapist).post(away, {"part": part}, headers={"X-Live": "1"})

    assert answer.status_code == 204
    assert begun_parts(sign_page()) == [each for each in ("row", "line-", "measurement-") if each != part]


def test_a_note_is_not_signed_over_something_begun(ada, therapist, signed_in):
    draft = notes.ready(factories.session(ada, therapist))
    path = reverse("treatments:session-unsaved", args=[draft.ref])
    client = signed_in(therapist)
    client.post(path, ROW)
    page = client.get(reverse("treatments:session-sign", args=[draft.ref]))
    [form] = [form for form in post_forms(page) if "read" in form.fields]

    refused = client.post(form.action, form.filled(password=factories.PASSWORD, identity_checked="on"))
    assert refused.status_code == 422
    draft.refresh_from_db()
    assert draft.signed_at is None

    client.post(path, {})
    client.post(form.action, form.filled(password=factories.PASSWORD, identity_checked="on"))
    draft.refresh_from_db()
    assert draft.signed_at is not None


def test_nothing_begun_reads_as_nothing():
    assert unsaved.read({}, at=None) == unsaved.NOTHING


def test_rows_that_had_left_the_form_stand_on_the_page_again(post_input, draft, therapist, signed_in):
    """Committed or set aside when the page died. What was saved since is not among them."""
    keys = [uuid.uuid4() for _ in range(3)]
    rows = [urlencode({**ROW, "key": str(key)}) for key in keys]
    line = urlencode({"line-line": "ut r 3 t2", "line-key": KEY})
    sent = {"waiting-0": rows[0], "waiting-1": rows[1], "parked-2": rows[2], "waiting-10": line}
    assert post_input(**sent).status_code == 204
    save_site(draft, therapist, keys[1])

    shown = signed_in(therapist).get(draft.get_absolute_url())

    assert shown.context["unsaved"].rows == (
        ("waiting-0", rows[0]), ("parked-2", rows[2]), ("waiting-10", line),
    )  # fmt: skip
    assert [f'name="{name}"' in shown.text for name in sent] == [True, False, True, True]


@pytest.mark.parametrize("text", ["muscle=is", "key=none", "", "line-line=ut"])
def test_a_row_without_a_key_is_not_held(post_input, text):
    status = post_input(**{"waiting-0": text}).status_code

    assert status == (204 if not text else 400)
    assert not UnkeptEntry.objects.exists()
