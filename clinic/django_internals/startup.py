"""Reports once, at startup, which shortcuts are not used."""

from clinic.django_internals import displays, instances, prepared, renderers, shortcuts

ALL = [module.SHORTCUT for module in (prepared, renderers, displays, instances)]


def report() -> None:
    shortcuts.report(ALL)
