"""The administration of conditions, their codes and names, and of health questions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from clinic.administration.own_rows import OwnRowForm, OwnRowsAdmin, Standing
from clinic.administration.sections import Section
from patients.actions import screenings
from patients.forms import own_rows as own_row_forms
from patients.models import (
    Condition,
    ConditionName,
    DiagnosisFamily,
    ScreeningItem,
)
from patients.rules.own_rows import ICD10_COLUMNS


class ConditionForm(own_row_forms.OfCondition, OwnRowForm):
    needed = ("name", "patient_term")


class ConditionNameForm(own_row_forms.OfName, OwnRowForm):
    needed = ("name",)


class DiagnosisFamilyForm(own_row_forms.OfCode, OwnRowForm):
    namespaced = "variant"
    needed = ("label", "code_right", "code_left")


class ScreeningItemForm(own_row_forms.OfQuestion, OwnRowForm):
    needed = ("question", "group", "strip_label", "guidance")


@admin.register(Condition)
class ConditionAdmin(OwnRowsAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Conditions on offer")
    menu_words = gettext_lazy("Complaints, in the words of the clinic and of the patient; your own too.")
    search_label = gettext_lazy("Search by name or code")
    form = ConditionForm
    own_fields = ("code", "name", "patient_term", "kind", "region", "side_policy", "guidance")
    retiring_words = gettext_lazy(
        "A retired condition cannot be recorded any more. Patients who have it keep it with its code, their "
        "sessions go on, and it can still be corrected or resolved there."
    )
    list_display = ("name", "patient_term", "whose", "kind", "region", "side_policy", "standing")
    search_fields = ("name", "patient_term", "code")


@admin.register(ConditionName)
class ConditionNameAdmin(OwnRowsAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Other names of conditions")
    menu_words = gettext_lazy("What patients and clinicians call a complaint: the box finds it by them.")
    search_label = gettext_lazy("Search by name or condition")
    form = ConditionNameForm
    own_fields, fixed_fields = ("condition", "name"), ("condition",)
    retiring_words = gettext_lazy("The box does not find the condition by a retired name. No record has one.")
    list_display = ("name", "condition", "proposed_variant", "whose", "standing")
    list_select_related = ("condition",)
    search_fields = ("name", "condition__name", "condition__patient_term")


@admin.register(DiagnosisFamily)
class DiagnosisFamilyAdmin(OwnRowsAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Diagnosis codes")
    menu_words = gettext_lazy("ICD-10-CM codes by complaint and side; add those of your own conditions here.")
    search_label = gettext_lazy("Search by name or ICD-10-CM code")
    form = DiagnosisFamilyForm
    own_fields = (
        "condition", "variant", "label", *ICD10_COLUMNS, "encounter", "code_set_year", "valid_from",
        "valid_to",
    )  # fmt: skip
    fixed_fields = ("condition", "variant")
    retiring_words = gettext_lazy(
        "A retired code cannot be chosen any more. Patients who have it keep it. Where you change a code "
        "instead, drafts ask which one stands before they are signed; signed notes do not change."
    )
    list_display = ("label", "condition", "code_right", "code_left", "code_set_year", "whose", "standing")
    list_select_related = ("condition",)
    search_fields = ("label", "code_right", "code_left")


@admin.register(ScreeningItem)
class ScreeningItemAdmin(OwnRowsAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Health questions")
    menu_words = gettext_lazy("What patients are asked before needles; your own questions too.")
    form = ScreeningItemForm
    own_fields = (
        "code", "question", "kind", "scope", "concern_answer", "level", "unknown_level", "asks_detail",
        "acts_like", "group", "strip_label", "guidance",
    )  # fmt: skip
    # answers that were given mean what they meant
    fixed_fields = ("code", "kind", "scope", "concern_answer")
    retiring_words = gettext_lazy(
        "A retired question is not asked any more. Answers that were given stay in the record, on the strip "
        "and in drafts until they expire. A new question is asked the next time somebody answers the others."
    )
    list_display = ("code", "question", "whose", "kind", "scope", "level", "lowerable", "standing")
    list_filter = (Standing, "kind", "level")

    def save_model(self, request, obj, form, change):
        if not change:
            # a question about a part of the body asks which
            obj.asks_regions = obj.scope == ScreeningItem.Scope.SITE
        super().save_model(request, obj, form, change)
        screenings.place_own_questions()
