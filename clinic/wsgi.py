"""What a WSGI server loads."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.db import connections

from clinic.web import heap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

heap.use_one_arena()
application = get_wsgi_application()
# What is asked here needs the models, and those load above.
import_module("clinic.locks.moves").refuse_to_serve()
# a worker that is forked from here opens its own
connections.close_all()
