"""Loads the publisher's order file of diagnosis codes, all of it or nothing, for the open drafts as well."""

import datetime as dt
import hashlib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from clinic import audit
from clinic.actions import code_sets
from clinic.models import CodeSet
from clinic.rules import code_sets as rules
from clinic.rules import order_file
from clinic.selectors import code_sets as selectors
from patients.models import DiagnosisFamily
from patients.rules.conditions import families_compared
from treatments.models import NeedlingSession, SessionCondition
from treatments.rules.code_sets import Loaded


@transaction.atomic
def load_file(path: Path, *, fiscal_year: int, valid_from: dt.date) -> Loaded:
    """Raises NotTheOrderFile or OSError, and then nothing is loaded."""
    content = _content(path)
    file = order_file.read(content)
    digest = hashlib.sha256(content).hexdigest()
    sets, today = selectors.all_sets(), timezone.localdate()
    order_file.check_against(
        file, digest=digest, fiscal_year=fiscal_year, valid_from=valid_from, sets=sets, today=today
    )
    former = rules.of_day(sets, valid_from)
    _begins, valid_to = rules.days_of(fiscal_year)
    code_set = code_sets.load(
        file, name=path.name, digest=digest, fiscal_year=fiscal_year, valid_from=valid_from, valid_to=valid_to
    )
    families = list(DiagnosisFamily.objects.filter(retired_at=None).select_related("condition"))
    after = rules.codes_of(code_set)
    before = rules.codes_of(former) if former else after
    comparisons = families_compared.compare(families, before=before, after=after)
    drafts = _move_drafts()
    changes = {"digest": [None, digest], "codes": [None, len(file.rows)], "drafts": [None, drafts]}
    audit.record("code_set.loaded", code_set, by=None, changes=changes)
    return Loaded(code_set, len(file.rows), len(families), comparisons, drafts)


def _content(path: Path) -> bytes:
    if path.stat().st_size > order_file.MAX_BYTES:
        raise order_file.NotTheOrderFile(order_file.too_large())
    return path.read_bytes()


def _move_drafts() -> int:
    """Stamp the codes of unsigned notes anew, each under the set of its day."""
    sets = selectors.all_sets()
    rows = SessionCondition.objects.filter(session__in=NeedlingSession.objects.drafts(), removed_at=None)
    moved = [row for row in rows.select_related("session") if _is_moved(row, sets)]
    SessionCondition.objects.bulk_update(moved, ["code_set_year", "code_set_ended_on"])
    return len({row.session_id for row in moved})


def _is_moved(row: SessionCondition, sets: list[CodeSet]) -> bool:
    on = timezone.localdate(row.session.started_at or row.session.opened_at)
    stamp = rules.stamp(sets, row.icd10, on)
    stood = {name: getattr(row, name) for name in stamp}
    for name, value in stamp.items():
        setattr(row, name, value)
    return stamp != stood
