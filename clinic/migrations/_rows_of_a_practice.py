"""Operations that let a catalogue hold rows of the practice: as they were when the tables got them."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact


def columns(model):
    """Whose row it is, who approved it, and whether the practice retired it."""
    return [
        migrations.AddField(
            model, "own", models.BooleanField("added by the practice", default=False, editable=False)
        ),
        migrations.AddField(
            model, "approved_by", models.CharField("approved by", blank=True, max_length=120)
        ),
        migrations.AddField(model, "approved_on", models.DateField("approved on", blank=True, null=True)),
        migrations.AddField(model, "retired_here_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model,
            "retired_here_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                blank=True,
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
            ),
        ),
        migrations.AddField(
            model,
            "retired_here_reason",
            models.CharField("why it is retired, or the source", blank=True, max_length=300),
        ),
        migrations.AddField(
            model,
            "retired_here_approver",
            models.CharField("who approved that it is retired", blank=True, max_length=120),
        ),
    ]


def constraints(app, model, code=""):
    """`code`: the column whose namespace says whose the row is."""
    at, by = Q(retired_here_at__isnull=False), Q(retired_here_by__isnull=False)
    shipped = Q(own=False, approved_by="", approved_on=None)
    approved = Q(own=True) & ~Q(approved_by="") & Q(approved_on__isnull=False) & ~Q(source="")
    in_use = Q(retired_here_at=None, retired_here_reason="", retired_here_approver="")
    retired = Q(retired_here_at__isnull=False, retired_at__isnull=False)
    retired &= ~Q(retired_here_reason="") & ~Q(retired_here_approver="")
    found = [
        (
            "retired_here_is_whole",
            (at & by) | Q(retired_here_at__isnull=True, retired_here_by__isnull=True),
            "Who and when belong together for “retired here”.",
        ),
        (
            "own_row_is_approved",
            shipped | approved,
            "Your own row names its source, who approved it and when.",
        ),
        ("retired_here_says_why", in_use | retired, "Say why it is retired, and who approved that."),
    ]
    if code:
        is_own = Exact(StrIndex(code, Value("own-")), 1)
        found.append(
            (
                "own_code_says_so",
                Q(Q(own=True), is_own) | Q(Q(own=False), ~Q(is_own)),
                "Only your own rows have a code that begins with own-.",
            )
        )
    return [
        migrations.AddConstraint(
            model,
            models.CheckConstraint(
                condition=condition, name=f"{app}_{model}_{name}", violation_error_message=message
            ),
        )
        for name, condition, message in found
    ]
