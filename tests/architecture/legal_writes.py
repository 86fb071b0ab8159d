"""Calls that are named like writes and change no row, and writes where they belong."""

from tests.architecture.plants import plant

PLANTS = {
    "dictionaries, sets and lists": plant(
        "writes",
        "treatments/views/board.py",
        """
def page(request):
    context = {"a": 1}
    context.update(b=2)
    asks = set()
    asks.add("password")
    asks.remove("password")
    rows = [1]
    rows.clear()
    groups = {}
    groups.setdefault("a", set()).add(1)
    groups["a"].update({2})
""",
    ),
    "annotated parameters and results": plant(
        "writes",
        "treatments/selectors/board.py",
        """
def page(found: dict[str, set[str]], names: "set[str] | None" = None, **more):
    found["a"].add("b")
    names.add("b")
    more.update(found)
    told().update(found)

def told() -> dict:
    return {}
""",
    ),
    "the login session, the query string and headers": plant(
        "writes",
        "patients/views/find.py",
        """
def page(request):
    request.session.update(a=1)
    request.session.clear()
    query = request.GET.copy()
    query.update({"page": 2})
    response = answer(request)
    response.headers.update({"A": "b"})
""",
    ),
    "hashes and buffers of the standard library": plant(
        "writes",
        "patients/rules/identity.py",
        """
import hashlib
import io

def digest(text):
    made = hashlib.sha256()
    made.update(text)
    held = io.BytesIO()
    held.update(text)
    return made.hexdigest()
""",
    ),
    "a class that only collects": plant(
        "writes",
        "clinic/management/commands/verify_record.py",
        """
class Found:
    def add(self, fault):
        self.faults = [fault]

def told(found: "Found"):
    found.add(1)
    Found().add(2)
""",
    ),
    "the login session kept": plant(
        "writes",
        "clinic/views/signin.py",
        """
def page(request):
    request.session.save()
""",
    ),
    "widgets and errors of a form": plant(
        "writes",
        "patients/forms/find.py",
        """
class FindForm(Form):
    def __init__(self, data):
        self.fields["name"].widget.attrs.update(autofocus=True)
        self.errors.clear()
        self.cleaned_data.update(name=self.data.get("name"))
""",
    ),
    "actions that are called by module": plant(
        "writes",
        "treatments/views/sites.py",
        """
from django.contrib import messages
from treatments.actions import sites, signing as signing_actions

def add(request):
    sites.add(request.POST, by=request.user)
    signing_actions.delete(1)
    messages.add_message(request, 1, "Added.")
""",
        treatments__actions__sites="",
        treatments__actions__signing="",
    ),
    "reading SQL": plant(
        "writes",
        "clinic/views/pages.py",
        """
def health(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
""",
    ),
    "a registry of another module": plant(
        "writes",
        "patients/wiring.py",
        """
from clinic.audit import codes

def wire(app):
    codes.SENTENCES.update({"patient.opened": "opened"})
""",
        clinic__audit__codes="SENTENCES: dict[str, str] = {}\n",
    ),
    "actions, receivers and a model's own save": plant(
        "writes",
        "patients/models/base.py",
        """
class Guarded(Model):
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
""",
    ),
    "an action that writes": plant(
        "writes",
        "patients/actions/visits.py",
        """
def book(patient):
    Visit.objects.create(patient=patient).save()
""",
    ),
}
