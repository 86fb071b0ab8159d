"""Many unsaved instances of models, without the checks and signals of `Model.__init__`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState

from clinic.django_internals.shortcuts import Shortcut


def changed_state() -> Iterator[str]:
    """An instance holds its columns and `_state`, and that holds the related instances."""
    state = ModelState()
    if (state.db, state.adding) != (None, True) or getattr(state, "fields_cache", None) != {}:
        yield "ModelState has changed"


SHORTCUT = Shortcut("unsaved instances", changed_state)


def unsaved_instance(
    model: type[Model], columns: Mapping[str, Any], related: Mapping[str, Model | None]
) -> Model:
    """What `model(**columns)` makes, given every column by its attname; `related` are the rows they lead to.

    It takes a fifth of the time. Nothing is validated, and no signal is sent.
    """
    if SHORTCUT.is_off:
        return _plainly(model, columns, related)
    row = model.__new__(model)
    row._state = ModelState()
    row._state.fields_cache.update(related)
    vars(row).update(columns)
    return row


def _plainly(model: type[Model], columns: Mapping[str, Any], related: Mapping[str, Model | None]) -> Model:
    row = model(**columns)
    for name, other in related.items():
        setattr(row, name, other)
    return row
