"""Forms of accounts and roles: what the rules of accounts refuse is said at its field."""

from django.utils.translation import gettext_lazy

from clinic.actions import accounts
from clinic.administration.compared_form import ComparedForm
from clinic.models import User
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
        role, until = self.initial.get("role"), self.initial.get("until_on")
        if role not in account_rules.LAST_OF:
            return []
        return account_rules.last_holder_reasons(
            role,
            was_lasting=until is None,
            is_lasting=cleaned.get("role") == role and cleaned.get("until_on") is None,
            has_other=account_selectors.has_other_lasting(self.instance.user_id, role),
            field="until_on" if "until_on" in self.changed_data else "role",
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
        is_closed = self.instance.pk is not None and not cleaned.get("is_active", False)
        if is_closed and "is_active" in self.changed_data:
            reasons = accounts.closing_reasons(self.instance, by=self.by)
            # one's own account is closed by somebody else, whatever else there is
            reasons = reasons[:1] if self.instance.pk == self.by.pk else reasons
            errors.add_to_form(self, RuleViolation(reasons))
        return cleaned
