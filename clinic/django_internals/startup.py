"""Reports once, at startup, which shortcuts are not used."""

from clinic.django_internals import (
    displays,
    instances,
    prepared,
    renderers,
    shared_fields,
    shortcuts,
    templates,
)

ALL = [module.SHORTCUT for module in (prepared, renderers, templates, displays, instances, shared_fields)]


def report() -> None:
    shortcuts.report(ALL)
