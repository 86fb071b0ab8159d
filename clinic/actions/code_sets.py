"""Brings sets of diagnosis codes into the record: the one that ships, and those of the publisher."""

import datetime as dt
import hashlib
import zlib
from pathlib import Path

from django.db import transaction

from clinic import catalogues
from clinic.models import CodeSet
from clinic.rules import code_sets
from clinic.rules.order_file import OrderFile


@transaction.atomic
def publish_shipped(path: Path) -> None:
    """Add the sets of the file whose year is not there; each names the text with its codes beside it."""
    known = set(CodeSet.objects.values_list("fiscal_year", flat=True))
    for row in catalogues.read(path):
        if int(row["fiscal_year"]) not in known:
            codes = (path.parent / row["codes"]).read_bytes()
            CodeSet.objects.create(
                fiscal_year=row["fiscal_year"],
                release=row["release"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                is_excerpt=True,
                records=row["records"],
                source=row["source"],
                digest=hashlib.sha256(codes).hexdigest(),
                codes=zlib.compress(codes, 9),
            )


@transaction.atomic
def load(
    file: OrderFile, *, name: str, digest: str, fiscal_year: int, valid_from: dt.date, valid_to: dt.date
) -> CodeSet:
    """Add the set of an order file that was read and judged.

    The excerpt of its year gives way to it, else a set that begins on the same day.

    The caller records the event: what it changes beside the set belongs to the same one.
    """
    values = {
        "release": f"FY{fiscal_year}",
        "valid_from": valid_from,
        "valid_to": valid_to,
        "is_excerpt": False,
        "records": file.records,
        "source": name,
        "digest": digest,
        "codes": code_sets.packed(file.rows),
    }
    of_year = CodeSet.objects.filter(fiscal_year=fiscal_year)
    stands = of_year.filter(valid_from=valid_from) or of_year.filter(is_excerpt=True)
    key = {"pk": stands[0].pk} if stands else {"fiscal_year": fiscal_year, "valid_from": valid_from}
    code_set, _made = CodeSet.objects.update_or_create(**key, defaults=values)
    return code_set
