"""The muscle that a typed text names: by code, by name, or by one of the muscles that a row stands for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext as _

from clinic.django_internals.prepared import PreparedQuery
from treatments.models import Muscle
from treatments.rules.sites import muscle_parts


def _muscles_named(code: str, text: str) -> QuerySet:
    """Muscles of this code, or called so; upper case on both sides, as `iexact` compares on PostgreSQL.

    Retired ones too: by its name alone such a muscle would be one that no catalogue lists, without hazards.
    """
    every = Muscle.objects.with_regions().alias(upper=Upper("name"))
    named = Q(code=code) | Q(code=Lower(Value(text))) | Q(upper=Upper(Value(text)))
    return every.filter(named)


MUSCLES_NAMED = PreparedQuery(_muscles_named)
EVERY_MUSCLE = PreparedQuery(lambda: Muscle.objects.with_regions().order_by("name"))


@dataclass(frozen=True)
class TypedMuscle:
    """What a person typed into the box of the muscle.

    `catalogue` are the muscles by code, and by name too, where they were read already; `region` is the
    code of the part of the body that was picked; `kept` the code of the muscle that the site has.
    """

    text: str
    catalogue: Mapping[str, Muscle] | None = None
    region: str = ""
    kept: str = ""

    def found(self) -> tuple[Muscle | None, str]:
        """The row, and which of its muscles; None where no row is called so. Asked where several are."""
        muscle, part = self._by_code_or_name(), ""
        if muscle is None:
            muscle, part = self._by_words()
        if muscle is not None and self._is_gone(muscle):
            message = _("“%(muscle)s” is retired at this practice. Choose another muscle.")
            raise forms.ValidationError(message % {"muscle": muscle.name}, code="muscle-retired")
        return muscle, part

    def _by_code_or_name(self) -> Muscle | None:
        text = self.text
        code = (text.rpartition("(")[2].rstrip(") ") if text.endswith(")") else text).casefold()
        if self.catalogue is not None:
            return self.catalogue.get(code) or self.catalogue.get(text.casefold())
        return min(MUSCLES_NAMED(code=code, text=text), key=self._preference, default=None)

    def _by_words(self) -> tuple[Muscle | None, str]:
        """Without this “Trapezius” would be a muscle that no catalogue lists, and so without hazards."""
        every = list(self._every())
        called = self._called(every)
        if len(called) > 1:
            raise self._asked([muscle for muscle, _part in called])
        if called:
            return called[0]
        several = muscle_parts.rows_grouped(every, self.text) or muscle_parts.rows_begun(every, self.text)
        if several:
            raise self._asked([each for each in several if not self._is_gone(each)] or several)
        return None, ""

    def _called(self, every: list[Muscle]) -> list[tuple[Muscle, str]]:
        """The one that lies in the picked region, where one does; those that retired where none is left."""
        called = muscle_parts.rows_called(every, self.text)
        called = [each for each in called if not self._is_gone(each[0])] or called
        here = [each for each in called if self.region in (row["code"] for row in each[0].region_rows)]
        return here if len(here) == 1 else called

    def _asked(self, muscles: list[Muscle]) -> forms.ValidationError:
        several = muscle_parts.may_be(self.text, [muscle.name for muscle in muscles])
        if len(muscles) == 1:
            message = _("%(several)s Write the whole name.") % {"several": several}
        else:
            message = _("%(several)s Choose one of them.") % {"several": several}
        return forms.ValidationError(message, code="muscle-of-several")

    def _every(self) -> Iterable[Muscle]:
        if self.catalogue is None:
            return EVERY_MUSCLE()
        return sorted({row.pk: row for row in self.catalogue.values()}.values(), key=lambda row: row.name)

    def _preference(self, muscle: Muscle) -> tuple[bool, bool]:
        """The least is meant: one that is offered before one that is retired, a code before a name."""
        return self._is_gone(muscle), muscle.name.casefold() == self.text.casefold()

    def _is_gone(self, muscle: Muscle) -> bool:
        return muscle.retired_at is not None and muscle.code != self.kept
