"""Sites: stored once, numbered once, corrected by comparison, struck and never deleted."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from tests import factories
from tests.statements import data_statements
from tests.treatments import notes
from treatments.models import DraftEvent, Muscle, NeedleSite, Override
from treatments.rules.signing import readiness

pytestmark = pytest.mark.django_db
KEY = "5b1d7d34-6a57-4f0e-93a8-3f1c5b8f0a01"
LIVE = {"X-Live": "1"}


def typed(**changes):
    return {
        "key": KEY, "muscle": "is", "side": "right", "insertions": "2", "twitches": "1", "needle": "0.30x40",
        "technique": "in_out", "tissue": "trigger_point", "depth_mm": "20", **changes,
    }  # fmt: skip


@pytest.fixture
def client(draft, signed_in):
    return signed_in(draft.therapist)


@pytest.fixture
def add(draft, client):
    def post(headers=None, **changes):
        return client.post(
            reverse("treatments:site-add", args=[draft.ref]), typed(**changes), headers=headers
        )

    return post


def url(name, draft, key=KEY):
    return reverse(f"treatments:{name}", args=[draft.ref, key])


def test_a_site_is_kept_when_it_is_entered(add, draft):
    response = add()

    site = draft.sites.get()
    assert response.status_code == 302
    assert (site.muscle.code, site.side, site.insertions, site.twitches) == ("is", "right", 2, 1)
    assert (str(site.gauge_mm), site.length_mm, site.depth_mm, site.needles) == ("0.30", 40, 20, 1)
    assert site.region.code == "b-infra"
    assert AuditEvent.objects.filter(code="session.site_added", object_ref=draft.ref).count() == 1


def test_the_same_key_twice_makes_one_row(add, draft):
    add()
    add()

    assert draft.sites.count() == 1
    assert DraftEvent.objects.filter(field="site").count() == 1


def test_both_makes_a_row_for_each_side_once(add, draft):
    add(side="both")
    add(side="both")

    assert list(draft.sites.values_list("number", "side")) == [(1, "left"), (2, "right")]


@pytest.mark.parametrize("muscle", ["ut", "UT", "Upper trapezius", "upper TRAPEZIUS", "Upper trapezius (UT)"])
def test_a_muscle_is_found_by_code_or_name(add, draft, muscle):
    add(muscle=muscle)

    assert draft.sites.get().muscle.code == "ut"


def test_a_muscle_that_no_list_knows_is_kept_as_written(add, draft):
    add(muscle="Risorius, deep part")

    site = draft.sites.get()
    assert (site.muscle, site.unlisted_name) == (None, "Risorius, deep part")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"side": ""}, "side"),
        ({"muscle": ""}, "muscle"),
        ({"insertions": ""}, "insertions"),
        ({"twitches": ""}, "twitches"),
        ({"twitches": "more", "twitches_more": "-3"}, "twitches_more"),
        ({"insertions": "more", "insertions_more": "1000"}, "insertions_more"),
        ({"insertions": "more"}, "insertions_more"),
        ({"depth_mm": "41"}, "depth_mm"),
        ({"depth_mm": "-1"}, "depth_mm"),
        ({"muscle": "rho", "depth_mm": ""}, "depth_mm"),
        ({"dwell": "241"}, "dwell"),
        ({"dwell": "-5"}, "dwell"),
        ({"needle": "other"}, "gauge_mm"),
        ({"needle": "other", "gauge_mm": "9", "length_mm": "40"}, "gauge_mm"),
        ({"pain_during": "11"}, "pain_during"),
        ({"site_note": "x" * 10_001}, "site_note"),
        ({"muscle": "a\x00b"}, "muscle"),
        ({"technique": ""}, "technique"),
    ],
)
def test_what_cannot_be_kept_is_a_sentence_at_its_field_and_stays_typed(add, draft, changes, field):
    live = add(LIVE, **changes)
    assert live.status_code == 422
    assert field in live.json()["rows"][0]["errors"]

    page = add(direction="toward the spine", **changes)
    assert page.status_code == 422
    assert page.context["site_form"]["direction"].value() == "toward the spine"
    assert not draft.sites.exists()


def test_a_number_is_never_used_again(add, draft, client):
    add()
    client.post(url("site-strike", draft))
    add(key=str(uuid.uuid4()), muscle="ut")

    assert [(site.number, bool(site.struck_at)) for site in draft.sites.all()] == [(1, True), (2, False)]


def test_a_removed_site_comes_back(add, draft, client):
    add()
    client.post(url("site-strike", draft))
    struck = client.get(draft.get_absolute_url())
    assert "Removed." in struck.text
    client.post(url("site-strike", draft), {"undo": "1"})

    assert draft.sites.get().struck_at is None
    assert AuditEvent.objects.filter(code="session.site_struck").count() == 2


def test_a_removal_that_is_sent_again_does_not_undo_what_came_after_it(add, draft, client):
    """Its response was lost; the site was restored on another device; then the first one tries again."""
    add()
    sent = {"client_id": str(uuid.uuid4()), "seq": 7}
    client.post(url("site-strike", draft), sent, headers=LIVE)
    client.post(url("site-strike", draft), {"undo": "1"}, headers=LIVE)

    again = client.post(url("site-strike", draft), sent, headers=LIVE)

    assert again.status_code == 200
    assert draft.sites.get().struck_at is None
    assert DraftEvent.objects.filter(session=draft, field="site_struck").count() == 2


def test_a_time_that_is_sent_again_is_noted_once(add, draft, client):
    add(technique="static")
    sent = {"way": "in", "client_id": str(uuid.uuid4()), "seq": 7}
    client.post(url("site-needles", draft), sent, headers=LIVE)
    event = DraftEvent.objects.get(session=draft, field="needle_in_at")
    taken_back = {"change": event.pk, "form_key": uuid.uuid4().hex}
    client.post(reverse("treatments:session-changes", args=[draft.ref]), taken_back)

    client.post(url("site-needles", draft), sent, headers=LIVE)

    assert draft.sites.get().needle_in_at is None
    assert (event.origin, str(event.client_id)) == ("timer", sent["client_id"])


def test_a_site_is_corrected_by_its_version(add, draft, client):
    add()
    version = DraftEvent.objects.get(field="site").pk
    stamp = {"client_id": str(uuid.uuid4()), "seq": 1, "base_version": version}

    response = client.post(url("site-edit", draft), typed(insertions="4", needles="2", **stamp))

    site = draft.sites.get()
    assert response.status_code == 302
    assert (site.insertions, site.needles, site.number) == (4, 2, 1)
    changes = AuditEvent.objects.get(code="session.site_changed").changes
    assert changes == {"site 1, insertions": [2, 4], "site 1, needles": [1, 2]}


def test_two_corrections_of_one_version_do_not_overwrite(add, draft, client):
    add()
    version = DraftEvent.objects.get(field="site").pk
    for insertions in ("4", "5"):
        stamp = {"client_id": str(uuid.uuid4()), "seq": 1, "base_version": version}
        last = client.post(url("site-edit", draft), typed(insertions=insertions, needles="1", **stamp))

    assert last.status_code == 409
    assert draft.sites.get().insertions == 4


def test_the_edit_page_shows_what_stands(add, draft, client):
    add(insertions="more", insertions_more="9", dwell="8", technique="static")

    form = client.get(url("site-edit", draft)).context["form"]

    shown = {
        name: form[name].value() for name in ("muscle", "insertions", "insertions_more", "dwell", "needle")
    }
    assert shown == {
        "muscle": "Infraspinatus (IS)", "insertions": "more", "insertions_more": 9, "dwell": 8,
        "needle": "0.30x40",
    }  # fmt: skip


def test_needles_are_the_insertions_where_the_profile_wants_one_each(add, draft):
    draft.jurisdiction.one_needle_per_insertion = True
    draft.jurisdiction.save(update_fields=["one_needle_per_insertion"])
    add()

    assert draft.sites.get().needles == 2


def test_needles_of_a_line_are_the_insertions_too_where_the_profile_wants_one_each(draft, client):
    draft.jurisdiction.one_needle_per_insertion = True
    draft.jurisdiction.save(update_fields=["one_needle_per_insertion"])
    line = {"line-line": "is r 3 t1 d20 0.30x40", "line-key": KEY}
    client.post(reverse("treatments:site-line", args=[draft.ref]), line)

    assert draft.sites.get().needles == 3


def test_the_lot_number_of_the_needles_is_kept_with_the_site(add, draft):
    add(lot=" LT-4711 ")

    assert draft.sites.get().lot == "LT-4711"


def test_a_depth_over_the_limit_is_kept_and_asks_why(add, draft, client):
    muscle = factories.site(draft, "rho", "left", number=9).muscle
    muscle.depth_limit_mm = 19
    muscle.save(update_fields=["depth_limit_mm"])
    NeedleSite.objects.filter(number=9).update(depth_mm=10)
    add(muscle="rho", side="left", depth_mm="25")

    page = client.get(draft.get_absolute_url())
    assert "over the limit of 19 mm" in page.text

    answer = {"rule": "depth-over-limit", "key": KEY, "reason": "Thick chest wall, measured."}
    client.post(reverse("treatments:rule-answer", args=[draft.ref]), answer)
    assert Override.objects.get().site.key == uuid.UUID(KEY)
    assert "25 mm is over the limit of 19 mm" in Override.objects.get().asked
    assert "Thick chest wall, measured." in client.get(draft.get_absolute_url()).text


@pytest.mark.parametrize(
    ("changes", "asks_again"),
    [
        ({"depth_mm": "30"}, True),
        ({"side": "right"}, True),
        ({"site_note": "Tender."}, False),
        ({"insertions": "5"}, False),
        ({"depth_mm": "15"}, False),
    ],
)
def test_a_reason_holds_for_the_value_that_it_was_given_for(add, draft, client, changes, asks_again):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    deep = {"muscle": "rho", "side": "left", "depth_mm": "25"}
    add(**deep)
    answer = {"rule": "depth-over-limit", "key": KEY, "reason": "Thick chest wall, measured."}
    client.post(reverse("treatments:rule-answer", args=[draft.ref]), answer)
    version = DraftEvent.objects.filter(field="site").latest("pk").pk
    stamp = {"client_id": str(uuid.uuid4()), "seq": 1, "base_version": version}

    changed = client.post(url("site-edit", draft), typed(**deep | changes, needles="2", **stamp))

    assert changed.status_code == 302
    open_rules = {reason.code for reason in readiness.sign_reasons(notes.sign_facts(draft))}
    assert ("depth-over-limit" in open_rules) is asks_again


@pytest.mark.parametrize(
    ("rule", "keyed"), [("no-such-rule", False), ("depth-over-limit", True), ("needles-differ", False)]
)
def test_only_a_rule_that_is_raised_is_answered(add, draft, client, rule, keyed):
    add()
    data = {"rule": rule, "reason": "Because", "key": KEY if keyed else ""}

    response = client.post(reverse("treatments:rule-answer", args=[draft.ref]), data)

    assert response.status_code == 422
    assert "Nothing asks for this reason any more." in response.text
    assert not Override.objects.exists()
    assert not AuditEvent.objects.filter(code="session.rule_answered").exists()


def test_a_reason_that_is_too_long_is_a_sentence_at_its_place_and_stays_typed(add, draft, client):
    Muscle.objects.filter(code="rho").update(depth_limit_mm=19)
    add(muscle="rho", side="left", depth_mm="25")
    data = {"rule": "depth-over-limit", "reason": "x" * 1001, "key": KEY}

    response = client.post(reverse("treatments:rule-answer", args=[draft.ref]), data)

    assert response.status_code == 422
    field = f"reason-depth-over-limit-{KEY}"
    assert f'id="error-{field}">That is 1,001 characters' in response.text
    assert f'href="#id_{field}"' in response.text
    assert f'value="{"x" * 1001}"' in response.text
    assert not Override.objects.exists()


def test_a_rule_is_not_answered_with_silence(draft, client):
    data = {"rule": "both-lungs", "reason": "  "}

    response = client.post(reverse("treatments:rule-answer", args=[draft.ref]), data, headers=LIVE)

    assert response.status_code == 422
    assert response.json()["errors"] == {"reason": "Say why, in a few words."}
    assert not Override.objects.exists()


def test_needles_go_in_and_come_out_by_the_clock(add, draft, client):
    add(technique="static")
    client.post(url("site-needles", draft), {"way": "in"})
    first = draft.sites.get().needle_in_at
    client.post(url("site-needles", draft), {"way": "in"})
    assert draft.sites.get().needle_in_at == first

    client.post(url("site-needles", draft), {"way": "out"})
    site = draft.sites.get()
    assert site.needle_out_at >= site.needle_in_at


def test_only_the_author_and_the_supervisor_may_write(draft, other_therapist, signed_in):
    stranger = signed_in(other_therapist)
    assert stranger.post(reverse("treatments:site-add", args=[draft.ref]), typed()).status_code == 404

    draft.supervisor = other_therapist
    draft.save(update_fields=["supervisor"])
    assert stranger.post(reverse("treatments:site-add", args=[draft.ref]), typed()).status_code == 302


def test_a_signed_session_refuses_with_a_page_that_says_so(add, draft, therapist):
    type(draft).objects.filter(pk=draft.pk).update(signed_at=timezone.now(), signed_by=therapist)

    response = add()

    assert response.status_code == 409
    assert "can no longer be changed" in response.text
    assert not draft.sites.exists()


def test_an_adopted_site_names_the_session_it_came_from(add, draft, ada, therapist):
    past = factories.session(ada, therapist, visit=factories.arrived(ada, therapist))
    add(adopted_from=past.ref, origins="muscle:plan,side:plan,needle:plan@2026-05-05,twitches:typed")

    event = DraftEvent.objects.get(field="site")
    assert (event.origin, event.adopted_from) == ("adopted", past)
    assert event.new["origins"] == {
        "muscle": "plan",
        "side": "plan",
        "needle": "plan@2026-05-05",
        "twitches": "typed",
    }


def test_keeping_a_site_costs_the_same_however_many_there_are(add):
    """The response includes the parts of the panel."""
    costs = []
    for number in range(6):
        with data_statements() as queries:
            assert add(LIVE, key=str(uuid.uuid4()), muscle=("is", "so", "ut")[number % 3]).status_code == 200
        costs.append(len(queries))

    # PostgreSQL locks the row in the same message
    assert set(costs) == {10}
