"""What a serving process loads: each library takes memory in every process and time at every start."""

import json
import os
import subprocess
import sys

from django.conf import settings

# Every page's view and form is loaded, as the first request does.
LOAD = """
import json, sys
import django
django.setup()
import clinic.management.commands.serve
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
get_wsgi_application()
get_resolver().reverse_dict
print(json.dumps(sorted(sys.modules)))
"""
# Each is needed by some page; what is needed by commands alone is not among them.
LIBRARIES = {
    "allauth", "asgiref", "axes", "crispy_bootstrap5", "crispy_forms", "cryptography", "django", "environ",
    "fido2", "js_lib_bootstrap5", "phonenumbers", "qrcode", "rapidfuzz", "sqlparse", "waitress", "whitenoise",
}  # fmt: skip
DRIVERS = {"psycopg2"}
# rapidfuzz makes it while it loads; nothing stands behind it.
EMPTY = {"cython_runtime"}
OURS = {"clinic", "patients", "treatments", "demo"}
# The parts of ours that only commands need.
COMMANDS_ONLY = (
    "demo.builder",
    "demo.bulk",
    "clinic.backup.postgres",
    "clinic.backup.child",
    "clinic.moving",
)


def loaded() -> set[str]:
    command = [sys.executable, "-W", "ignore", "-c", LOAD]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "clinic.settings"}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_serving_loads_no_library_that_no_page_needs():
    modules = loaded()
    libraries = {name.partition(".")[0] for name in modules if not name.startswith("_")}

    assert libraries - OURS - sys.stdlib_module_names - EMPTY - DRIVERS == LIBRARIES
    assert not modules & set(COMMANDS_ONLY)
