"""Tells once, at start, which shortcuts are not taken."""

from clinic.django_internals import displays, instances, prepared, renderers, shortcuts

ALL = [module.SHORTCUT for module in (prepared, renderers, displays, instances)]


def report() -> None:
    shortcuts.report(ALL)
