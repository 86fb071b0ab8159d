"""Sessions by needle lot."""

from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Upper

from clinic.models import User
from treatments.models import NeedleSite, NeedlingSession
from treatments.rules.reports.lots import LotRow
from treatments.rules.reports.report import MAX_ROWS, Terms
from treatments.selectors.reports import sessions


def sessions_of_lot(number: str, terms: Terms, *, user: User) -> list[LotRow]:
    """Sessions in which needles of this lot were used, the newest first, among those this reader may open."""
    every = NeedleSite.objects.standing().exclude(lot="").alias(upper=Upper("lot"))
    of_lot = every.filter(upper=Upper(Value(number))).order_by()
    # start from the sites of the lot: starting from the visible sessions would check every one of them
    found = NeedlingSession.objects.visible_to(user).filter(pk__in=of_lot.values("session"), voided_at=None)
    used = of_lot.filter(session=OuterRef("pk")).values("session").annotate(sum=Sum("needles")).values("sum")
    rows = sessions.of_terms(found, terms, day="started_at").annotate(needles=Subquery(used))
    newest = rows.select_related("patient", "therapist").order_by("-started_at", "-pk")
    return [_row(row) for row in newest[:MAX_ROWS]]


def _row(row) -> LotRow:
    return LotRow(
        session=row.ref,
        at=row.started_at,
        patient_ref=row.patient.ref,
        patient=row.patient.listed_name,
        phone=row.patient.phone,
        therapist=row.therapist.display_name,
        needles=row.needles,
    )
