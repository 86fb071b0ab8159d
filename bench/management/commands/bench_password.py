"""Prints the milliseconds that checking a password takes, for the benchmark."""

import time
from statistics import median

from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand

TIMES = 9


class Command(BaseCommand):
    help = "Print how long the check of a password takes, in milliseconds."

    def handle(self, **options):
        stored = make_password("four kettles on the bench")
        self.stdout.write(f"{median(seconds_of(stored) for _ in range(TIMES)) * 1000:.2f}")


def seconds_of(stored: str) -> float:
    began = time.perf_counter()
    check_password("four kettles on the bench", stored)
    return time.perf_counter() - began
