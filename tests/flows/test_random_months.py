"""Practices that lived a month by lot, through their own pages: verification raises no alarm.

Somebody of each role follows links and sends forms that the pages offer, with answers drawn by lot, and the
clock goes from one day to the next.
"""

import datetime as dt
import random
import re

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from bench.forms import Form
from clinic.audit import verification
from clinic.models import AuditEvent
from tests import drills
from tests.form_client import post_forms, text_of
from tests.typed_values import typed_value

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]
PRACTICES = 10 if drills.IS_FULL else 1
DAYS = 30 if drills.IS_FULL else 2
STEPS_A_DAY = 40
STAFF = ("reception", "therapist", "therapist2", "lead", "admin")
LINK = re.compile(r'<a[^>]* href="(/[^"#?]*)')
# They end the sign-in or ask for a proof, and the hand would stand before a closed door for the day.
NOT_FOLLOWED = {"account_logout", "account_here", "patients:handover-return"}


class Hand:
    """Somebody at a browser without JavaScript who presses what there is."""

    def __init__(self, username: str, lot: random.Random):
        self.client, self.lot, self.sent = Client(raise_request_exception=True), lot, 0
        self.client.force_login(
            get_user_model().objects.with_roles().get(username=username),
            backend="clinic.signin.backends.RolesBackend",
        )
        self.path, self.page = "/", self.client.get("/", follow=True)

    def step(self) -> None:
        forms = [form for form in post_forms(self.page) if may_follow(form.action or self.path)]
        links = [path for path in LINK.findall(self.text) if may_follow(path)]
        if forms and self.lot.random() < 0.6:
            self.send(self.lot.choice(forms))
        elif links and self.lot.random() < 0.9:
            self.open(self.lot.choice(links))
        else:
            self.open("/")

    @property
    def text(self) -> str:
        return text_of(self.page)

    def open(self, path: str) -> None:
        self.path, self.page = path, self.client.get(path, follow=True)

    def send(self, form: Form) -> None:
        path = form.action or self.path
        self.page = self.client.post(path, self.filled(form), follow=True)
        assert self.page.status_code < 500, path
        self.sent += self.page.status_code == 200
        self.path = path

    def filled(self, form: Form) -> dict[str, list[str]]:
        data = form.filled()
        for name, part in form.fields.items():
            if part.kind == "radio" and part.choices:
                data[name] = [self.lot.choice(part.choices)]
            elif part.kind == "checkbox" and self.lot.random() < 0.5:
                data[name] = [choice for choice in part.choices if self.lot.random() < 0.5]
            elif part.kind == "select" and any(part.choices) and self.lot.random() < 0.7:
                data[name] = [self.lot.choice(part.choices)]
            elif part.is_typed and not data.get(name, [""])[0] and self.lot.random() < 0.7:
                data[name] = [typed_value(name, part.kind)]
        if form.buttons:
            name, value = self.lot.choice(form.buttons)
            data |= {name: [value]} if name else {}
        return data


def may_follow(path: str) -> bool:
    try:
        return resolve(path.split("?")[0]).view_name not in NOT_FOLLOWED
    except Resolver404:
        return False


def live(lot: random.Random) -> int:
    """The number of forms that the practice took."""
    taken, today = 0, timezone.now()
    for day in range(DAYS):
        with time_machine.travel(today + dt.timedelta(days=day), tick=True):
            cache.clear()
            hands = [Hand(name, lot) for name in STAFF]
            for _ in range(STEPS_A_DAY):
                lot.choice(hands).step()
            taken += sum(hand.sent for hand in hands)
    return taken


@pytest.fixture(scope="module")
def seen():
    """What all practices did, for the report of the drills."""
    total = {"months": 0, "taken": 0, "events": 0}
    yield total
    drills.record("months that a practice lived by lot", **total)


@pytest.mark.parametrize("number", range(PRACTICES))
def test_a_practice_that_lived_untouched_raises_no_alarm(number, seen):
    call_command("demo", patients=20, seed=f"practice {number}", verbosity=0)
    before = AuditEvent.objects.count()

    taken = live(random.Random(f"practice {number}"))

    alarms = [
        fault
        for check in verification.CHECKS.values()
        for fault in check.faults(verification.ignore_progress)
    ]
    assert alarms == []
    assert taken > DAYS * STEPS_A_DAY / 10
    for name, figure in (("months", 1), ("taken", taken), ("events", AuditEvent.objects.count() - before)):
        seen[name] += figure
