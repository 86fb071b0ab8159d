#!/usr/bin/env python
"""The door to Django's commands."""

import os
import sys

from django.core.management import execute_from_command_line

from clinic.management import sentences

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    sentences.run(execute_from_command_line, sys.argv)
