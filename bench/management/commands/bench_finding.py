"""`manage.py bench_finding` writes what each way of finding a patient costs, as JSON, for the benchmark."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from clinic import formats
from clinic.models import Role, User
from patients.models import Patient
from patients.rules.identity import search_terms
from patients.selectors.identity import one_box

# so many patients all over the practice are searched in each way
PEOPLE = 40
# the handler is called after so many steps
GRAIN = 50
WAYS: dict[str, Callable[[Patient], str]] = {
    "first and last name": lambda who: f"{who.given_name} {who.family_name}",
    "last name": lambda who: who.family_name,
    "beginnings of both names": lambda who: f"{who.family_name[:4]} {who.given_name[:2]}",
    "last name with a slip": lambda who: who.family_name[:2] + who.family_name[3:],
    "last name and birth date": lambda who: f"{who.family_name} {formats.day(who.born)}",
    "last name and year": lambda who: f"{who.family_name} {who.born.year}",
    "birth date": lambda who: formats.day(who.born),
    "phone": lambda who: who.phone,
    "last four digits of a phone": lambda who: who.phone[-4:],
    "reference": lambda who: who.ref,
}


class Command(BaseCommand):
    help = "Writes the steps of SQLite and the milliseconds of the processor of each way of finding."

    def handle(self, **options):
        if connection.vendor != "sqlite":
            raise CommandError("Steps are counted on SQLite.")
        self.stdout.write(json.dumps({"patients": Patient.objects.count(), "ways": measured()}))


def measured() -> dict[str, tuple[float, float]]:
    """{way: (steps, milliseconds)}, each the median over people of the practice."""
    people, user = _people(), User.objects.holding(Role.FRONT_DESK)[0]
    found = {}
    for way, typed in WAYS.items():
        texts = [typed(who) for who in people]
        # composes the query
        _find(texts[0], user)
        costs = [_cost(text, user) for text in texts]
        found[way] = (median(steps for steps, _ in costs), median(ms for _, ms in costs))
    return found


def _people() -> list[Patient]:
    """The same share of any practice, from its first to its last."""
    keys = list(Patient.objects.living_records().order_by("pk").values_list("pk", flat=True))
    wanted = keys[:: max(len(keys) // PEOPLE, 1)][:PEOPLE]
    return list(Patient.objects.filter(pk__in=wanted).exclude(phone="").order_by("pk"))


def _find(text: str, user: User) -> None:
    one_box.find(search_terms.parse_search(text, today=timezone.localdate()), user=user)


def _cost(text: str, user: User) -> tuple[float, float]:
    with _counted_steps() as steps:
        _find(text, user)
    began = time.process_time()
    _find(text, user)
    return next(steps) * GRAIN, (time.process_time() - began) * 1000


@contextmanager
def _counted_steps() -> Iterator[Iterator[int]]:
    """A counter whose next value is how many grains the database worked meanwhile."""
    steps = itertools.count()
    connection.ensure_connection()
    # a handler that answers None lets the statement go on
    connection.connection.set_progress_handler(lambda: next(steps) and None, GRAIN)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)
