"""Forms of accounts and roles: what the rules of accounts refuse is said at its field."""

from django.utils.translation import gettext_lazy

from clinic.administration.compared_form import ComparedForm
from clinic.models import Role, User
from clinic.rules import accounts as account_rules
from clinic.selectors import accounts as account_selectors
from clinic.values import errors
from clinic.values.errors import RuleViolation


class RoleGrantForm(ComparedForm):
    # who changes it, set by the inline
    by: User

    def clean(self):
        cleaned = super().clean()
        for reason in account_rules.role_reasons(self.instance.user_id, by=self.by):
            for name in self.changed_data[:1]:
                self.add_error(name, reason.message)
        if not self.errors:
            errors.add_to_form(self, RuleViolation(self._last_reasons(cleaned)))
        return cleaned

    def _last_reasons(self, cleaned) -> list[errors.Reason]:
        user, field = self.instance.user_id, "until_on" if "until_on" in self.changed_data else "role"
        return account_rules.last_administrator_reasons(
            was_lasting=self.initial.get("role") == Role.ADMIN and self.initial.get("until_on") is None,
            is_lasting=cleaned.get("role") == Role.ADMIN and cleaned.get("until_on") is None,
            has_other=account_selectors.has_other_lasting_administrator(user),
            field=field,
        )


class AccountForm(ComparedForm):
    # who changes it, set by the page
    by: User

    class Meta:
        model = User
        fields = (
            "username",
            "first_name",
            "last_name",
            "email",
            "profession",
            "display_credentials",
            "location",
            "is_active",
        )
        help_texts = {
            "username": gettext_lazy("What they type to sign in: letters, digits and @ . + - _"),
            "is_active": gettext_lazy("Take it away when somebody leaves. Nothing is deleted."),
        }

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk == self.by.pk and not cleaned.get("is_active"):
            is_only = account_selectors.is_only_administrator(self.by)
            reasons = account_rules.closing_reasons(self.instance, by=self.by, is_only_administrator=is_only)
            errors.add_to_form(self, RuleViolation(reasons))
        elif "is_active" in self.changed_data:
            errors.add_to_form(self, RuleViolation(self._last_reasons(cleaned)))
        return cleaned

    def _last_reasons(self, cleaned) -> list[errors.Reason]:
        user = self.instance.pk
        return account_rules.last_administrator_reasons(
            was_lasting=account_selectors.holds_role_lastingly(user),
            is_lasting=cleaned.get("is_active", False),
            has_other=account_selectors.has_other_lasting_administrator(user),
            field="is_active",
        )
