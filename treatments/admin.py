"""The administration of treatments: muscles and their limits, and treatment rows to read."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.administration.base import CatalogueAdmin
from clinic.administration.own_rows import OwnRowForm, OwnRowsAdmin, Standing
from clinic.administration.sections import Section
from clinic.web.text_fields import LinesField
from patients.admin import OfPatient, answers_in
from treatments.models import (
    Addendum,
    AdverseEvent,
    AdverseEventKind,
    AftercareAdvice,
    AmendmentAnswer,
    ErrorMark,
    FollowUp,
    Muscle,
    NeedleSite,
    NeedlingSession,
    Seal,
    SessionCondition,
    SorenessReport,
    WarningSign,
)
from treatments.models.sites.catalogues import FACTS
from treatments.rules.sites import depth_limits, hazard_words, muscle_parts
from treatments.rules.sites.hazard_words import HAZARDS

LIMIT_FIELDS = frozenset({"depth_limit_mm", "limit_approved_by", "limit_approved_on"})
# in the form, for a muscle that counts by itself
ALONE = "alone"
BY_ITSELF = gettext_lazy("As a muscle of its own")
SOURCES_WORDS = gettext_lazy(
    "One source on each line, after what lies near and a colon, such as Lung: course manual, page 12."
)
MEMBERS_WORDS = gettext_lazy(
    "Where the row stands for several muscles: their names with semicolons between. Each site asks which it "
    "was, and each counts as one muscle."
)


class MuscleForm(OwnRowForm):
    """A depth limit is a clinical decision: who approved it, and when, is required."""

    needed = ("name", "regions", "group", "billing_key")
    approved_apart = LIMIT_FIELDS | {"usual_depth_mm"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "hazards" not in self.fields:
            return
        shipped = Muscle.objects.current().filter(own=False)
        groups = shipped.order_by("group").values_list("group", flat=True).distinct()
        keys = {muscle.billing_key: muscle.name for muscle in shipped.order_by("-name")}
        chosen = {"label": self.fields["hazards"].label, "required": False, "choices": HAZARDS.items()}
        self.fields["hazards"] = forms.MultipleChoiceField(**chosen, widget=forms.CheckboxSelectMultiple)
        lines = {"label": self.fields["hazard_sources"].label, "required": False, "help_text": SOURCES_WORDS}
        self.fields["hazard_sources"] = LinesField(**lines)
        self.fields["members"].help_text = MEMBERS_WORDS
        self.offer("group", [(group, group) for group in groups])
        same = [(key, _("As %(muscle)s") % {"muscle": name}) for key, name in sorted(keys.items())]
        self.offer("billing_key", [(ALONE, BY_ITSELF), *sorted(same, key=lambda row: row[1])])
        if self.instance.pk and self.instance.billing_key == self.instance.code:
            self.initial["billing_key"] = ALONE

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("billing_key") == ALONE:
            cleaned["billing_key"] = self.instance.code or cleaned.get("code") or ALONE
        limits = depth_limits.MuscleLimits(
            usual_depth_mm=cleaned.get("usual_depth_mm"),
            depth_limit_mm=cleaned.get("depth_limit_mm"),
            approved_by=cleaned.get("limit_approved_by") or "",
            approved_on=cleaned.get("limit_approved_on"),
            length_min_mm=cleaned.get("length_min_mm"),
            length_max_mm=cleaned.get("length_max_mm"),
            gauge_mm=cleaned.get("gauge_mm"),
            is_changed=not LIMIT_FIELDS.isdisjoint(self.changed_data),
            is_approval_of_former=LIMIT_FIELDS.intersection(self.changed_data) == {"depth_limit_mm"},
        )
        found = depth_limits.reasons(limits, today=timezone.localdate())
        if "hazards" in self.fields:
            cleaned["hazard_sources"] = hazard_words.source_entries(cleaned.get("hazard_sources") or ())
            found += hazard_words.source_reasons(cleaned["hazard_sources"], cleaned.get("hazards") or ())
            found += muscle_parts.member_reasons(cleaned.get("members") or "")
        self.refuse(found)
        return cleaned


@admin.register(Muscle)
class MuscleAdmin(OwnRowsAdmin):
    """The depth limits belong to the practice."""

    section = Section.LIMITS
    name_in_menu = gettext_lazy("Muscles and depths")
    menu_words = gettext_lazy("How deep each muscle may be needled here, who approved it; your own muscles.")
    search_label = gettext_lazy("Search by name or letters")
    form = MuscleForm
    chips = {"hazards": lambda row: [HAZARDS.get(code, code) for code in row.hazards]}
    left_out = (*OwnRowsAdmin.left_out, "reviewed_content")
    practice_fields = ("usual_depth_mm", "depth_limit_mm", "limit_approved_by", "limit_approved_on")
    own_fields = (
        "code", "name", "regions", "group", "hazards", "hazard_sources", "side_policy", "length_min_mm",
        "length_max_mm", "gauge_mm", "depth_source", "angle_note", "default_status", "billing_key", "heads",
        "members", "note",
    )  # fmt: skip
    retiring_words = gettext_lazy(
        "A retired muscle is not offered any more. Drafts that have it keep it and can be signed; signed "
        "notes, trends and reports do not change."
    )
    list_display = (
        "name",
        "code",
        "whose",
        "group",
        "default_status",
        "depth_limit_mm",
        "limit_approved_by",
        "standing",
    )
    search_fields = ("name", "code")
    list_filter = (Standing, "group", "default_status")

    def save_model(self, request, obj, form, change):
        """Drafts that have the muscle ask again when what lies near it or how it counts was changed."""
        if change and not set(FACTS).isdisjoint(form.changed_data):
            obj.facts_changed_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(AdverseEventKind)
class AdverseEventKindAdmin(CatalogueAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Kinds of adverse event")
    menu_words = gettext_lazy("What can be recorded, and how serious it usually is. To read.")
    list_display = ("name", "category", "usual_severity", "red_flag")


@admin.register(AftercareAdvice)
class AftercareAdviceAdmin(CatalogueAdmin):
    section = Section.WORDING
    name_in_menu = gettext_lazy("Aftercare advice")
    menu_words = gettext_lazy("What patients are told to do afterwards. To read.")
    list_display = ("text", "kind", "retired_at")


@admin.register(WarningSign)
class WarningSignAdmin(CatalogueAdmin):
    section = Section.WORDING
    menu_words = gettext_lazy("What is asked on every call. To read.")
    list_display = ("question", "short_name", "chest", "retired_at")


@admin.register(NeedlingSession)
class NeedlingSessionAdmin(OfPatient):
    name_in_menu = gettext_lazy("Sessions")
    reference_fields = ("ref", "patient__ref")
    list_display = ("ref", "opened_at", "signed_at")


class OfSession(OfPatient):
    reference_fields = ("session__ref",)
    patient_path = "session__patient__"

    def patient_of(self, obj):
        return obj.session.patient


for model in (NeedleSite, SessionCondition, Seal, Addendum, ErrorMark, AdverseEvent):
    admin.site.register(model, OfSession)


@admin.register(AmendmentAnswer)
class AmendmentAnswerAdmin(OfPatient):
    name_in_menu = gettext_lazy("Answers to requests to amend")
    reference_fields = ("request__session__ref",)
    patient_path = "request__session__patient__"

    def patient_of(self, obj):
        return obj.request.session.patient


@admin.register(FollowUp)
class FollowUpAdmin(OfSession):
    name_in_menu = gettext_lazy("Follow-up calls")
    reference_fields = ("ref", "session__ref")
    list_display = ("ref", "step", "due_at", "closed_at")


@admin.register(SorenessReport)
class SorenessReportAdmin(OfPatient):
    chips = {"warning_signs": answers_in("warning_signs")}
    reference_fields = ("followup__ref", "followup__session__ref")
    patient_path = "followup__session__patient__"

    def patient_of(self, obj):
        return obj.followup.session.patient
