"""Planted imports that point the wrong way, plainly, by string, by accessor or by address."""

from tests.architecture.plants import plant

SESSION = """
class NeedlingSession(Model):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="sessions")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
"""
PATIENT_URLS = 'urlpatterns = [path("handover/", tablet.handover, name="handover")]\n'

PLANTS = {
    "the ground floor imports the second": plant(
        "floors",
        "clinic/models/base.py",
        "from treatments.models import NeedlingSession  # breach\n",
    ),
    "the first floor imports the second": plant(
        "floors",
        "patients/actions/visits.py",
        "import treatments.actions.followups  # breach\n",
    ),
    "a floor imports the demo practice": plant(
        "floors",
        "treatments/management/commands/demo.py",
        "from demo import build  # breach\n",
    ),
    "a view of another floor in a model": plant(
        "rooms",
        "treatments/models/session.py",
        "from patients.views import visits  # breach\n",
    ),
    "an action of another floor in a model": plant(
        "rooms",
        "treatments/models/session.py",
        "from patients.actions.visits import book  # breach\n",
    ),
    "a view of another floor in a form": plant(
        "rooms",
        "treatments/forms/opening.py",
        "from patients.views import visits  # breach\n",
    ),
    "an action of another floor in a form": plant(
        "rooms",
        "treatments/forms/opening.py",
        "from patients.actions import visits  # breach\n",
    ),
    "an action of the same floor in a form": plant(
        "rooms",
        "treatments/forms/opening.py",
        "from treatments.actions import sessions  # breach\n",
    ),
    "a form in an action": plant(
        "rooms",
        "treatments/actions/opening.py",
        "from treatments.forms import opening  # breach\n",
    ),
    "a selector in rules": plant(
        "rooms",
        "treatments/rules/signing.py",
        "from treatments.selectors import signing  # breach\n",
    ),
    "an action in a selector": plant(
        "rooms",
        "treatments/selectors/signing.py",
        "from patients.actions import visits  # breach\n",
    ),
    "rules in a model": plant(
        "rooms",
        "patients/models/patient.py",
        "from patients.rules import identity  # breach\n",
    ),
    "an action in a template tag": plant(
        "rooms",
        "treatments/templatetags/session_fields.py",
        "from treatments.actions import sites  # breach\n",
    ),
    "a view in a command": plant(
        "rooms",
        "clinic/management/commands/backup.py",
        "from clinic.views import pages  # breach\n",
    ),
    "the wiring of an app in a room": plant(
        "rooms",
        "patients/actions/consents.py",
        "from patients.wiring import publish_texts  # breach\n",
        patients__wiring="",
    ),
    "the roof in a room": plant(
        "rooms",
        "patients/views/find.py",
        "from clinic import settings  # breach\n",
        clinic__settings="",
    ),
    "a service that reaches into a room above it": plant(
        "rooms",
        "clinic/audit/chain.py",
        "from clinic.actions import accounts  # breach\n",
    ),
    "a relative import that leaves its room": plant(
        "rooms",
        "treatments/rules/signing.py",
        "from ..views import signing  # breach\n",
        treatments__views__signing="",
    ),
    "a command that another room imports": plant(
        "rooms",
        "clinic/actions/backups.py",
        "from clinic.management.commands import backup  # breach\n",
        clinic__management__commands__backup="",
    ),
    "importlib in a room": plant(
        "strings",
        "clinic/actions/accounts.py",
        """
import importlib  # breach
from importlib import import_module  # breach

def later(name):
    return import_module(name)  # breach
""",
    ),
    "a string that names a higher floor": plant(
        "strings",
        "clinic/apps.py",
        """
from importlib import import_module

wire = import_module("treatments.wiring").wire  # breach
""",
    ),
    "import_string in a view": plant(
        "strings",
        "patients/views/find.py",
        """
from django.utils.module_loading import import_string

followups = import_string("treatments.actions.followups.schedule")  # breach
""",
    ),
    "__import__ in rules": plant(
        "strings",
        "patients/rules/identity.py",
        'views = __import__("patients.views")  # breach\n',
    ),
    "apps.get_model by string": plant(
        "strings",
        "patients/selectors/record.py",
        """
from django.apps import apps

def sessions():
    return apps.get_model("treatments", "NeedlingSession")  # breach
""",
    ),
    "the label of a higher app": plant(
        "strings",
        "clinic/audit/gaps.py",
        """
def config():
    return apps.get_app_config("patients")  # breach
""",
    ),
    "a template of a higher floor": plant(
        "strings",
        "patients/views/find.py",
        """
def page(request):
    return render(request, "treatments/record.html")  # breach
""",
    ),
    "a foreign key that points up": plant(
        "strings",
        "patients/models/visit.py",
        'session = models.ForeignKey("treatments.NeedlingSession", on_delete=models.PROTECT)  # breach\n',
    ),
    "an accessor that reaches up": plant(
        "accessors",
        "patients/selectors/record.py",
        """
def newest(patient):
    return patient.sessions.first()  # breach
""",
        treatments__models__session=SESSION,
    ),
    "an accessor that reaches up beside a field of that name": plant(
        "accessors",
        "patients/selectors/record.py",
        """
def newest(patient):
    return getattr(patient, "sessions") or patient.sessions  # breach
""",
        treatments__models__session=SESSION,
        clinic__models__credentials="class Credential:\n    sessions = PositiveIntegerField()\n",
    ),
    "a default accessor that reaches up": plant(
        "accessors",
        "clinic/actions/accounts.py",
        """
def held(user):
    return user.needlingsession_set.count()  # breach
""",
        treatments__models__session=SESSION,
    ),
    "a lookup that reaches up": plant(
        "accessors",
        "patients/selectors/find.py",
        """
def treated(patients):
    signed = patients.filter(sessions__signed_at__isnull=False)  # breach
    seen = Visit.objects.exclude(patient__sessions=None)  # breach
    return signed.annotate(n=Count("sessions")).order_by("-sessions__ended_at")  # breach
""",
        treatments__models__session=SESSION,
    ),
    "an import inside a function": plant(
        "hidden imports",
        "patients/views/find.py",
        """
def page(request):
    from patients.actions import patients  # breach
""",
    ),
    "an import inside an async function": plant(
        "hidden imports",
        "patients/views/find.py",
        """
async def page(request):
    import json  # breach
""",
    ),
    "a path of a higher floor": plant(
        "addresses",
        "clinic/middleware.py",
        """
OPEN = ("/health/", "/handover/", "/i/")  # breach
""",
        clinic__urls='urlpatterns = [path("health/", pages.health)]\n',
        patients__urls=PATIENT_URLS,
    ),
    "a URL name of a higher floor": plant(
        "addresses",
        "clinic/middleware.py",
        """
def stays(request):
    return redirect(reverse("patients:handover"))  # breach
""",
        patients__urls=PATIENT_URLS,
    ),
    "a URL name upstairs that is not agreed": plant(
        "addresses",
        "patients/views/find.py",
        """
def page(request):
    return redirect("treatments:session-sign")  # breach
""",
    ),
}
