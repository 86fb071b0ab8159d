"""Random sequences of writes to a session by several users over HTTP keep its record consistent."""

import datetime as dt
import uuid
from collections import Counter

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clinic.models import AuditEvent
from tests import audit_chain, drills, factories
from tests.flows import session_invariants
from tests.treatments import notes
from treatments.actions.signing import signature
from treatments.models import DraftEvent, ErrorMark, NeedleSite, NeedlingSession, Override
from treatments.rules.session import draft_parts
from treatments.selectors.session import draft as drafts

pytestmark = pytest.mark.django_db
LIVE = {"X-Live": "1"}
MUSCLES = st.sampled_from(["ga", "sol", "vl", "ecrb"])
SIDES = st.sampled_from(["left", "right", "both"])
WRITERS = st.sampled_from(["author", "author", "supervisor"])
ADDRESSES = st.sampled_from(["session-field", "site-add", "session-changes", "session-void"])
OUTSIDERS = st.sampled_from(["stranger", "lead", "reception"])
FEW = st.integers(1, 3)
WORDS = st.sampled_from(["", "Stiff.", "Stiff since Monday.", "line one\nline two", "Ünïcode 🙂"])
PAIN = st.integers(0, 10).map(str)


@pytest.fixture
def users(noon, therapist, other_therapist, lead, reception, signed_in):
    """The users with their clients, and Ada's last note, from which values are adopted."""
    stranger = factories.user("stranger", "therapist", profession="pt")
    people = {
        "author": therapist, "supervisor": other_therapist, "stranger": stranger,
        "lead": lead, "reception": reception,
    }  # fmt: skip
    patient = factories.patient(reception, family_name="Examplewood", given_name="Ada")
    past = factories.session(patient, therapist)
    factories.session_condition(past)
    late = notes.ready(past, ended_ago=dt.timedelta(days=7))
    past = signature.sign(
        late, by=therapist, proved=True, identity_checked=True, late_entry_reason="Power cut"
    )
    return {name: (person, signed_in(person)) for name, person in people.items()}, past


class SessionMachine(RuleBasedStateMachine):
    """One draft from opening to its end. Each example is rolled back, and begins at the same moment."""

    users: dict
    past: NeedlingSession
    reached: Counter
    begins: dt.datetime

    def __init__(self):
        super().__init__()
        # what ends after minutes, such as a sign-in, would end in one example and not when it is repeated
        self.clock = time_machine.travel(self.begins, tick=True)
        self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.last, self.sealed, self.lived = None, None, session_invariants.audited_writes(self.past)

    def teardown(self):
        try:
            assert audit_chain.first_broken_link() is None
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.clock.stop()

    # -- requests

    @property
    def draft(self) -> NeedlingSession:
        return session_invariants.session_of(self.ref)

    def post(self, who, name, *args, **data):
        """Posts as the page's script does; a refusal must not change anything."""
        address = reverse(f"treatments:{name}", args=[self.ref, *args])
        before = self.count()
        response = self.cast[who][1].post(address, data, headers=LIVE)
        assert response.status_code < 500, (name, response.status_code)
        if response.status_code >= 400:
            assert self.count() == before, f"{name} was refused and yet stored"
        return response

    def count(self) -> tuple:
        events = DraftEvent.objects.filter(session__ref=self.ref).count()
        return events, AuditEvent.objects.filter(code__in=session_invariants.WRITES).count(), self.draft.state

    def stamp(self, **more) -> dict:
        return {"client_id": str(uuid.uuid4()), "seq": 1, **more}

    def version(self, name: str, part: str = "", key: str = "") -> int:
        return drafts.whole(self.draft.pk).version_of(name, part, key)

    def save(self, who, name, value, part=""):
        field = f"{name}-{part}" if part else name
        sent = self.stamp(field=field, value=value, base_version=self.version(name, part))
        self.last = (who, sent)
        return self.post(who, "session-field", **sent)

    def sites(self) -> list[NeedleSite]:
        return list(self.draft.sites.order_by("number"))

    def pick(self, which: int) -> str:
        found = self.sites()
        return str(found[which % len(found)].key) if found else str(uuid.uuid4())

    # -- rules

    @initialize(supervised=st.booleans())
    def open(self, supervised):
        author, client = self.cast["author"]
        visit = factories.arrived(self.past.patient, author)
        factories.screening(self.past.patient, author, kind="visit", visit=visit)
        condition = self.past.conditions.get().patient_condition_id
        sent = {"conditions": condition, "access": "direct", "consent_confirmed": "on"}
        address = reverse("treatments:session-open", args=[self.past.patient.ref])
        once = {**sent, "form_key": uuid.uuid4().hex}
        first, second = client.post(address, once), client.post(address, once)
        assert (first.status_code, second.url) == (302, first.url), "opened twice, made once"
        self.ref = NeedlingSession.objects.get(visit=visit).ref
        if supervised:
            named = self.cast["supervisor"][0]
            NeedlingSession.objects.filter(ref=self.ref).update(supervisor=named)

    @rule(who=WRITERS, name=st.sampled_from(["note", "plan", "other_care"]), words=WORDS)
    def write(self, who, name, words):
        self.save(who, name, words)

    @rule(who=WRITERS, when=st.sampled_from(["before", "after"]), pain=PAIN)
    def ask_pain(self, who, when, pain):
        self.save(who, f"pain_{when}", pain, part=str(self.draft.conditions.get().pk))

    @rule(who=WRITERS, ticked=st.booleans())
    def advise(self, who, ticked):
        self.save(who, "advice", "on" if ticked else "", part="drink-water")

    @rule(who=WRITERS, miscounted=st.sampled_from([0, 0, 0, 1, -1]))
    def count_needles_out(self, who, miscounted):
        self.save(who, "needles_out", str(max(0, self.placed() + miscounted)))

    @rule(who=WRITERS)
    def settle(self, who):
        """The fields that signing requires beside the sites."""
        part = str(self.draft.conditions.get().pk)
        for name, value in (("pain_before", "6"), ("pain_after", "3")):
            self.save(who, name, value, part=part)
        self.save(who, "tolerance", "well")
        self.save(who, "needles_out", str(self.placed()))

    @rule(who=WRITERS, words=WORDS)
    def write_over_a_newer_value(self, who, words):
        """Without a base version: refused if the field was written before, unless the value is the same."""
        newest = DraftEvent.objects.filter(session__ref=self.ref, field="note").order_by("-pk").first()
        response = self.post(who, "session-field", **self.stamp(field="note", value=words, base_version=0))
        if response.status_code == 200:
            assert newest is None or newest.new == words

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_the_last_one_again(self):
        who, sent = self.last
        before = self.count()
        self.post(who, "session-field", **sent)
        assert self.count() == before

    @rule(who=WRITERS, muscle=MUSCLES, side=SIDES, needles=FEW, adopted=st.booleans(), twice=st.booleans())
    def add_site(self, who, muscle, side, needles, adopted, twice):
        sent = self.stamp(
            key=str(uuid.uuid4()), muscle=muscle, side=side, insertions="2", twitches="1",
            needle="0.30x40", technique="in_out", tissue="trigger_point", depth_mm="15", needles=needles,
        )  # fmt: skip
        if adopted:
            sent |= {"adopted_from": self.past.ref, "origins": "muscle:plan@2026-01-05"}
        first = self.post(who, "site-add", **sent)
        if twice and first.status_code == 200:
            before = self.count()
            self.post(who, "site-add", **sent)
            assert self.count() == before

    @rule(who=WRITERS)
    def write_two_in_one_line(self, who):
        line = {"line-key": str(uuid.uuid4()), "line-line": "sol r 2 t1 d15; vl l 1 t0 d15"}
        self.post(who, "site-line", **self.stamp(**line))

    @rule(who=WRITERS, which=st.integers(0, 9), insertions=FEW)
    def correct_site(self, who, which, insertions):
        key = self.pick(which)
        site = NeedleSite.objects.filter(session__ref=self.ref, key=key).first()
        sent = self.stamp(
            key=key,
            muscle=session_invariants.muscle_value(site) if site else "ga",
            side=site.side if site else "left",
            insertions=str(insertions), twitches="0", needle="0.30x40", technique="in_out",
            tissue="trigger_point", depth_mm="15", needles=insertions,
            base_version=self.version("site", "", key),
        )  # fmt: skip
        self.post(who, "site-edit", key, **sent)

    @rule(who=WRITERS, which=st.integers(0, 9), undo=st.booleans())
    def remove_site(self, who, which, undo):
        self.post(who, "site-strike", self.pick(which), **self.stamp(**({"undo": "1"} if undo else {})))

    @rule(who=WRITERS, which=st.integers(0, 9), way=st.sampled_from(["in", "out"]))
    def time_needles(self, who, which, way):
        self.post(who, "site-needles", self.pick(which), **self.stamp(way=way))

    @rule(who=WRITERS, which=st.integers(0, 30))
    def take_back(self, who, which):
        changes = list(DraftEvent.objects.filter(session__ref=self.ref).order_by("-pk"))
        change = changes[which % len(changes)].pk if changes else 1
        before = self.count()
        self.post(who, "session-changes", change=change, form_key=uuid.uuid4().hex)
        self.reached["taken back"] += self.count() != before

    @rule(
        who=st.sampled_from(["author", "author", "author", "supervisor", "lead"]),
        incident=st.booleans(),
        prepared=st.booleans(),
    )
    def sign(self, who, incident, prepared):
        if prepared and self.draft.is_draft:
            self.add_site("author", "ga", "right", 1, False, False)
            self.advise("author", True)
            self.settle("author")
        found = drafts.whole(self.draft.pk)
        sent = {
            "read": draft_parts.reading_of(found), "form_key": uuid.uuid4().hex, "identity_checked": "on",
            "password": factories.PASSWORD, "ended_at": timezone.localtime().strftime("%H:%M"),
        }  # fmt: skip
        if incident:
            sent["incident_reason"] = "One found in the sharps container after counting twice."
        was_draft = found.session.is_draft
        response = self.post(who, "session-sign", **sent)
        if was_draft and self.draft.state == "signed":
            assert who == "author"
            assert response.json()["next"]
            self.sealed = session_invariants.sealed_and_current(self.draft)
            self.reached["signed"] += 1

    @precondition(lambda self: self.draft.is_draft and self.draft.events.count() > 5)
    @rule(wrong=st.booleans())
    def finish(self, wrong):
        """Removes the needles and signs; some of these notes are marked as written in error."""
        for site in self.sites():
            if site.struck_at is None and session_invariants.needle_is_in(site):
                self.post("author", "site-needles", site.key, **self.stamp(way="out"))
        self.sign("author", False, True)
        if wrong and self.sealed is not None:
            self.mark_in_error("author")

    @precondition(lambda self: self.draft.state in ("signed", "closed"))
    @rule(who=st.sampled_from(["author", "supervisor", "lead"]))
    def addend(self, who):
        values = {"kind": "addendum", "reason": "Forgotten", "text": "It went deeper."}
        self.post(who, "addendum", form_key=uuid.uuid4().hex, **values)

    @precondition(lambda self: self.sealed is not None)
    @rule(who=st.sampled_from(["author", "supervisor", "lead"]))
    def mark_in_error(self, who):
        marks = ErrorMark.objects.filter(session__ref=self.ref)
        before = marks.count()
        self.post(who, "session-error", reason="Wrong patient.", form_key=uuid.uuid4().hex)
        self.reached["marked"] += marks.count() - before

    @rule(who=WRITERS, sure=st.integers(0, 9))
    def void(self, who, sure):
        """Rare, so that most drafts go on."""
        if sure == 0:
            before = self.draft.state
            self.post(who, "session-void", reason="Opened by mistake.", form_key=uuid.uuid4().hex)
            assert self.draft.state == before or who == "author"

    @rule(sure=st.integers(0, 9), checked=st.booleans())
    def close_by_lead(self, sure, checked):
        if sure == 0:
            box = {"needles_checked": "on"} if checked else {}
            self.post("lead", "session-close", reason="Has left.", form_key=uuid.uuid4().hex, **box)

    @rule(who=OUTSIDERS, name=ADDRESSES)
    def somebody_else_tries(self, who, name):
        before = self.count()
        sent = self.stamp(field="note", value="Not mine.", key=str(uuid.uuid4()), change=1, reason="x")
        response = self.post(who, name, **sent, form_key=uuid.uuid4().hex)
        # others may read a signed note and get 409 for it; a draft is hidden from them
        allowed = set() if self.draft.state == "draft" else {409}
        assert response.status_code in {403, 404, 422} | allowed
        assert self.count() == before

    # -- invariants

    def placed(self) -> int:
        return sum(site.needles for site in self.sites() if site.struck_at is None)

    @invariant()
    def the_record_is_true(self):
        if not hasattr(self, "ref"):
            return
        draft = self.draft
        if self.sealed is not None:
            assert session_invariants.sealed_and_current(draft) == self.sealed, (
                "what was signed never changes"
            )
        assert session_invariants.audited_writes(draft) - self.lived == session_invariants.stored_writes(
            draft
        ), "every change is audited once"
        self.journal_comes_to_what_stands(draft)
        self.needles_add_up(draft)

    def journal_comes_to_what_stands(self, draft):
        """Only the author and the supervisor wrote in it."""
        replayed = session_invariants.replayed_values(draft)
        names = [name for name in replayed if isinstance(name, tuple)]
        assert session_invariants.current_values(draft, names) == replayed
        wrote = set(DraftEvent.objects.filter(session=draft).values_list("by", flat=True))
        assert wrote <= {draft.therapist_id, draft.supervisor_id}

    def needles_add_up(self, draft):
        dwelling = {
            site.pk for site in self.sites() if not site.struck_at and session_invariants.needle_is_in(site)
        }
        live = {site.pk for site in NeedleSite.objects.with_needles_in().filter(session=draft)}
        assert live == (set() if draft.state in ("voided", "closed") else dwelling)
        if draft.state == "signed":
            allowed = Override.objects.filter(session=draft, rule="needles-differ").exists()
            assert allowed or draft.needles_out == self.placed()
            assert dwelling == set()


quick = settings(
    max_examples=5,
    stateful_step_count=20,
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def live(users, how: settings, *, reach: set[str]) -> None:
    people, past = users
    reached = Counter()
    about = {"cast": people, "past": past, "reached": reached, "begins": timezone.now()}
    machine = type("Life", (SessionMachine,), about)
    run_state_machine_as_test(machine, settings=how)
    assert reach <= set(+reached), "it never came that far"


def test_whatever_happens_to_a_session_its_record_stays_true(users):
    # a few random rounds may not sign; the next test runs the rare steps explicitly
    live(users, quick, reach=set())


def test_a_change_taken_back_and_an_error_mark_leave_the_record_true(users):
    """The steps that random rounds rarely reach, run explicitly."""
    people, past = users
    reached = Counter()
    about = {"cast": people, "past": past, "reached": reached, "begins": timezone.now()}
    lived = type("Told", (SessionMachine,), about)()
    steps = [
        lambda: lived.open(True),
        lambda: lived.write("author", "note", "Stiff."),
        lambda: lived.take_back("author", 0),
        lambda: lived.sign("author", False, True),
        lambda: lived.addend("supervisor"),
        lambda: lived.mark_in_error("author"),
    ]
    try:
        for step in steps:
            step()
            lived.the_record_is_true()
    finally:
        lived.teardown()
    assert reached == {"taken back": 1, "signed": 1, "marked": 1}


@pytest.mark.drill
def test_whatever_happens_for_long_to_a_session_its_record_stays_true(users):
    rounds = drills.count(200)
    live(
        users,
        settings(
            quick,
            max_examples=rounds,
            stateful_step_count=40,
            derandomize=not drills.IS_FULL,
            print_blob=True,
        ),
        reach={"signed", "marked", "taken back"},
    )
    drills.record("a session's life in random order", lives=rounds, wrong=0)
