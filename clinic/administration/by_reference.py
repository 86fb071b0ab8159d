"""Clinical tables in the administration: a row is reached by its reference, never by counting keys up."""

from functools import reduce

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.urls import path, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import audit
from clinic.administration.base import ReadOnlyAdmin
from clinic.values import references

# A reference, and behind it the key of a row that has none of its own.
ADDRESS = rf"{references.ReferenceConverter.regex}(?:-[0-9]{{1,18}})?"


class ListOfReferences(ChangeList):
    def url_for_result(self, result):
        return self.model_admin.url_of(result)


class FoundByReferenceAdmin(ReadOnlyAdmin):
    """A clinical table without a list: only a complete reference finds its rows."""

    # lookups that hold a reference, such as ("ref",) or ("session__ref",)
    reference_fields: tuple[str, ...] = ("ref",)
    search_label = gettext_lazy("Find by reference")
    search_help_text = gettext_lazy("Type a whole reference, such as the one on the record.")
    list_display = ("__str__",)
    show_full_result_count = False
    # whom a search is about, by reference, so that the audit keeps the one of a restricted record to itself
    patient_with = staticmethod(lambda ref: None)

    def get_urls(self):
        """Without Django's pages by primary key; a link to such a page becomes plain text."""
        name, view = f"{self.opts.app_label}_{self.opts.model_name}", self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            re_path(rf"^(?P<object_id>{ADDRESS})/change/$", view(self.change_view), name=f"{name}_change"),
        ]

    def url_of(self, row) -> str:
        refs = [reduce(getattr, lookup.split("__"), row) for lookup in self.reference_fields]
        ref = next(filter(references.is_valid, refs), "")
        address = ref if self._has_own_reference() else f"{ref}-{row.pk}"
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[address])

    def get_object(self, request, object_id, from_field=None):
        ref, _dash, key = object_id.partition("-")
        ref, rows = references.normalise(ref), self.get_queryset(request)
        if not references.is_valid(ref):
            return None
        if self._has_own_reference():
            return rows.filter(ref=ref).first()
        return rows.filter(pk__in=self._matching_keys(rows, ref)).filter(pk=int(key or 0)).first()

    def get_changelist(self, request, **kwargs):
        return ListOfReferences

    def get_list_select_related(self, request):
        """What the addresses of the rows are made of."""
        return [lookup.removesuffix("__ref") for lookup in self.reference_fields if "__" in lookup] or False

    def get_search_fields(self, request):
        return self.reference_fields

    def get_search_results(self, request, queryset, search_term):
        ref = references.normalise(search_term)
        if not references.is_valid(ref):
            if search_term:
                messages.warning(request, _("That is not a reference. Check its last character."))
            return queryset.none(), False
        audit.look("admin.searched", None, by=request.user, patient=self.patient_with(ref), reason=ref)
        return queryset.filter(pk__in=self._matching_keys(queryset, ref)), False

    def _has_own_reference(self) -> bool:
        return "ref" in self.reference_fields

    def _matching_keys(self, queryset, ref: str):
        """A query per lookup: an OR across two tables makes the engine scan both."""
        querysets = [
            queryset.order_by().filter(**{lookup: ref}).values("pk") for lookup in self.reference_fields
        ]
        return querysets[0].union(*querysets[1:])
