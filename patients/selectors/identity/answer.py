"""The answer of the search box: who was found, and the line of each."""

import datetime as dt
from collections.abc import Iterable

from patients.models import Patient
from patients.rules.identity import why_found
from patients.rules.identity.search_terms import SearchTerms
from patients.rules.visits.days import day_bounds
from patients.selectors.identity import listing, one_box
from patients.selectors.identity.listing import ListedPatient


def found(
    terms: SearchTerms, *, user, named: Iterable[Patient], on: dt.date
) -> tuple[list[Patient], list[ListedPatient]]:
    """The people and their lines, in one order. A reference leads to one line at once."""
    if terms.is_reference:
        people = listing.with_reference(terms.ref, user=user, on=on)
        rows = listing.lines(people, user=user, on=on)
        why = [why_found.reasons(why_found.Known(person), terms) for person in people]
    else:
        hits = one_box.find(terms, user=user, named=named, day=day_bounds(on))
        people, why = [hit.patient for hit in hits], [hit.reasons for hit in hits]
        rows = listing.listed_patients(people, user=user, on=on)
    return people, listing.with_reasons(rows, why)
