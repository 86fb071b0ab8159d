"""The answer of the search box: who was found, and the line of each."""

import datetime as dt
from collections.abc import Iterable

from clinic.values.words import Text
from patients.models import Patient
from patients.rules.identity import why_found
from patients.rules.identity.likeness import MergedRecord
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
        why: list[tuple[Text, ...]] = [(why_found.REFERENCE,) for _ in people]
        before = [_named_before(person, terms) for person in people]
    else:
        hits = one_box.find(terms, user=user, named=named, day=day_bounds(on))
        people, why = [hit.patient for hit in hits], [hit.reasons for hit in hits]
        rows = listing.listed_patients(people, user=user, on=on)
        before = [MergedRecord.of(person.found_as) if person.found_as else None for person in people]
    return people, listing.with_reasons(rows, why, before)


def _named_before(person: Patient, terms: SearchTerms) -> MergedRecord | None:
    """The reference of a merged record, which says who it is without its name."""
    return None if person.ref == terms.ref else MergedRecord(terms.ref)
