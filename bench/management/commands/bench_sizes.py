"""`manage.py bench_sizes` writes the size of each table as JSON, for the benchmark."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from bench import sizes


class Command(BaseCommand):
    help = "Writes the rows and bytes of each table as JSON."

    def handle(self, **options):
        self.stdout.write(json.dumps([asdict(table) for table in sizes.read()]))
