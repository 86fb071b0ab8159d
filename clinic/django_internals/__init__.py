"""What relies on undocumented parts of Django, each with a plain way beside it: docs/django-internals.md."""
