"""The administration of consent texts: written, read as patients will, published, retired."""

from django.contrib import admin, messages
from django.db import models, transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.administration.base import SetUpAdmin, show_refusal
from clinic.administration.compared_form import ComparedForm
from clinic.administration.sections import Section
from clinic.values.errors import RuleViolation
from clinic.web import text_fields
from patients.actions import consent_texts
from patients.forms.consent_texts import NamedStatements
from patients.models import (
    ConsentText,
)
from patients.rules import consent_texts as consent_texts_rules


class ConsentTextForm(NamedStatements, ComparedForm):
    pass


@admin.register(ConsentText)
class ConsentTextAdmin(SetUpAdmin):
    """Write a new version, read it as patients will, then publish it. What is published never changes."""

    section = Section.WORDING
    menu_words = gettext_lazy("Write a new version, read it as patients will, then publish it.")
    list_display = ("version", "language", "title", "published_at", "retired_at", "as_patients_read_it")
    form = ConsentTextForm
    fields = (
        "version",
        "language",
        "jurisdiction",
        "title",
        "body",
        "statements",
        "not_acupuncture",
        "source",
    )
    actions = ("publish", "retire")
    formfield_overrides = {
        **SetUpAdmin.formfield_overrides,
        models.JSONField: {"form_class": text_fields.LinesField},
    }

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def save_model(self, request, obj, form, change):
        obj.digest = consent_texts_rules.text_digest(obj.title, obj.body, obj.statements)
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request, obj):
        return self._after_save(request, obj) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        return self._after_save(request, obj) or super().response_post_save_change(request, obj)

    def _after_save(self, request, obj):
        return redirect("admin:patients_consenttext_read", obj.pk) if "_preview" in request.POST else None

    def get_urls(self):
        view = self.admin_site.admin_view(self.read_view)
        return [path("<int:pk>/read/", view, name="patients_consenttext_read"), *super().get_urls()]

    def read_view(self, request, pk):
        """The text as patients read it, and what it says otherwise than another version."""
        text = get_object_or_404(ConsentText, pk=pk)
        others = list(ConsentText.objects.exclude(pk=pk))
        chosen = request.GET.get("former", "")
        former = consent_texts_rules.former_version(others, chosen, language=text.language)
        context = {
            **self.admin_site.each_context(request),
            **self._place(),
            "title": str(text),
            "opts": self.opts,
            "text": text,
            "others": others,
            "former": former,
            "statements": consent_texts_rules.named(text.statements, text.statement_names),
            **(consent_texts_rules.differences(former, text) if former else {}),
        }
        return TemplateResponse(request, "admin/consent_text.html", context)

    @admin.display(description=gettext_lazy("as patients read it"))
    def as_patients_read_it(self, row):
        url = reverse("admin:patients_consenttext_read", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, _("Read %(version)s") % {"version": row.version})

    @admin.action(description=gettext_lazy("Publish: from now on patients sign this text"))
    def publish(self, request, queryset):
        published = [text for text in queryset if consent_texts.publish(text, by=request.user)]
        if published:
            messages.success(request, _("Published. Former versions stay with the consents given on them."))

    @admin.action(description=gettext_lazy("Retire: no patient is shown this text any more"))
    def retire(self, request, queryset):
        try:
            with transaction.atomic():
                retired = [text for text in queryset if consent_texts.retire(text, by=request.user)]
        except RuleViolation as refused:
            show_refusal(request, refused)
            return
        if retired:
            messages.success(request, _("Retired. The consents given on it stay as they are."))
