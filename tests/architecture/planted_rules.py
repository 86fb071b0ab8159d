"""Planted impurities of rules and others, sizes, and names that are on no list."""

from tests.architecture.plants import plant

LISTED = 'CAPABILITIES: dict[str, str] = {"signing": "A session is signed."}\n'
SERVED = 'SERVICES: dict[str, str] = {"audit": "The chain."}\n'

PLANTS = {
    "rules ask a manager": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def blockers(pk):
    return NeedlingSession.objects.get(pk=pk)  # breach
""",
    ),
    "rules ask a queryset": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def blockers(sites):
    named = sites.filter(muscle=None)  # breach
    return named.exists() or sites.values("pk") or sites.count()  # breach
""",
    ),
    "rules walk a related manager": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def blockers(session):
    return [site for site in session.sites.all()]  # breach
""",
    ),
    "rules walk a related set": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def blockers(session):
    return list(session.needlesite_set)  # breach
""",
    ),
    "rules ask for one row": plant(
        "queries",
        "treatments/rules/signing.py",
        """
def blockers(sessions, pk):
    return sessions.get(pk=pk) or get_object_or_404(sessions, pk=pk)  # breach
""",
    ),
    "rules prepare a statement": plant(
        "queries",
        "treatments/rules/signing.py",
        "ASKED = PreparedQuery(lambda pk: pk)  # breach\n",
    ),
    "rules hold a base manager": plant(
        "queries",
        "treatments/rules/signing.py",
        """
async def blockers(model):
    return await model._default_manager.aget(pk=1)  # breach
""",
    ),
    "a template tag asks the database": plant(
        "queries",
        "clinic/templatetags/look.py",
        """
@register.simple_tag
def staff():
    return User.objects.count()  # breach
""",
    ),
    "rules import the database layer": plant(
        "database",
        "treatments/rules/signing.py",
        """
from django.db.models import Q  # breach
from django import db  # breach
""",
    ),
    "rules read the clock": plant(
        "clock",
        "treatments/rules/signing.py",
        """
import datetime as dt
from django.utils import timezone

def is_late(session):
    today = timezone.localdate()  # breach
    now = timezone.now() or dt.datetime.now(dt.UTC)  # breach
    return session.ended_at < now and dt.date.today() == today  # breach
""",
    ),
    "a value of rules reads the clock when it is made": plant(
        "clock",
        "treatments/rules/signing.py",
        """
from dataclasses import field
from django.utils.timezone import now as instant

class Facts:
    at = field(default_factory=instant)  # breach
""",
    ),
    "rules know a request": plant(
        "requests",
        "treatments/rules/signing.py",
        """
def blockers(request):  # breach
    return request.user
""",
    ),
    "an action knows a request": plant(
        "requests",
        "treatments/actions/signing.py",
        """
async def sign(session, *, of: HttpRequest):  # breach
    return of
""",
    ),
    "rules render": plant(
        "pages",
        "treatments/rules/signing.py",
        """
from django.shortcuts import render

def page(session):
    return render(None, "signing.html", {"session": session})  # breach
""",
    ),
    "an action answers": plant(
        "pages",
        "treatments/actions/signing.py",
        """
from django import http

def sign(session):
    return http.HttpResponse("signed")  # breach
""",
    ),
    "a selector fills a template": plant(
        "templates",
        "treatments/selectors/signing.py",
        """
from django.template.loader import render_to_string

def sheet(session):
    return render_to_string("sheet.html", {"session": session})  # breach
""",
    ),
    "a capability that nobody listed": plant(
        "capabilities",
        "treatments/views/riddles.py",
        "# breach\n",
        treatments__capabilities=LISTED,
    ),
    "a package that nobody listed": plant(
        "capabilities",
        "treatments/rules/riddles/answers.py",
        "# breach\n",
        treatments__capabilities=LISTED,
    ),
    "a room that the plan does not have": plant(
        "capabilities",
        "treatments/helpers/signing.py",
        "# breach\n",
        treatments__capabilities=LISTED,
    ),
    "a service that nobody listed": plant(
        "capabilities",
        "clinic/access/grants.py",
        "# breach\n",
        clinic__capabilities=SERVED,
    ),
    "a service on a floor that has none": plant(
        "capabilities",
        "patients/audit/chain.py",
        "# breach\n",
        clinic__capabilities=SERVED,
    ),
    "a root module that Django does not wire": plant(
        "capabilities",
        "treatments/signing.py",
        "# breach\n",
        treatments__capabilities=LISTED,
    ),
    "a long async function": plant(
        "function length",
        "patients/views/find.py",
        "async def page(request):  # breach\n" + "    request.x = 1\n" * 45,
    ),
    "a branching async function": plant(
        "branches",
        "patients/views/find.py",
        "async def page(x):  # breach\n    async for y in x:\n        pass\n"
        + "    x = 1 if x else 2\n" * 10,
    ),
    "a file without a first sentence": plant(
        "docstrings",
        "patients/views/find.py",
        "PAGE = 1  # breach\n",
    ),
    "a long file": plant(
        "file length",
        "patients/views/find.py",
        "X = 1\n" * 300 + "X = 2  # breach\n",
    ),
    "a selector locks rows": plant(
        "row locks",
        "treatments/selectors/drafts.py",
        """
from django.db import transaction

@transaction.atomic  # breach
def draft(pk):
    return NeedlingSession.objects.select_for_update().get(pk=pk)  # breach
""",
    ),
    "a form opens a transaction": plant(
        "row locks",
        "patients/forms/visits.py",
        """
from django.db import transaction as tx

def clean(self):
    with tx.atomic():  # breach
        return self
""",
    ),
    "a selector records an event": plant(
        "records",
        "patients/selectors/record.py",
        """
from clinic import audit

def record(patient, user):
    audit.look("patient.opened", patient, by=user)  # breach
""",
        clinic__audit__trail="",
    ),
}
