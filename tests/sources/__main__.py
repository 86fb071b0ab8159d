"""`python -m tests.sources` writes docs/clinical-sources.md, with weak sources marked in the catalogues."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.sources import catalogues, page  # noqa: E402

for path in catalogues.files():
    catalogues.mark(path)
page.PAGE.write_text(page.text(), encoding="utf-8")
