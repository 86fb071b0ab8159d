"""Addenda, answers, co-signatures and error marks of before say who wrote them.

Taken from the audit of later changes; where it knows of none, from what stands now.
"""

from django.db import migrations

CHUNK = 1000
TABLES = (
    ("Addendum", ("written_at",), ("written_by_name",)),
    ("AmendmentAnswer", ("answered_at",), ("answered_by_name",)),
    ("CoSignature", ("signed_at",), ("signed_by_name",)),
    ("ErrorMark", ("marked_at",), ("marked_by_name",)),
)


def fill(apps, schema_editor):
    people = _changes(apps, code="admin.changed", object_kind="clinic.user")
    for name, at, columns in TABLES:
        model = apps.get_model("treatments", name)
        related = [column.removesuffix("_name") for column in columns]
        rows = model.objects.select_related(*related).order_by("pk").iterator(chunk_size=CHUNK)
        filled = []
        for row in rows:
            when = next(getattr(row, column) for column in at if getattr(row, column))
            for column, who in zip(columns, related, strict=True):
                setattr(row, column, _display_name(getattr(row, who), when, people))
            filled.append(row)
        model.objects.bulk_update(filled, [*columns], batch_size=CHUNK)


def _changes(apps, **which) -> dict:
    """{reference: [(at, changes), ...]}, the newest first."""
    events = apps.get_model("clinic", "AuditEvent").objects.filter(**which).order_by("-seq")
    found: dict = {}
    for ref, at, changes in events.values_list("object_ref", "at", "changes"):
        found.setdefault(ref, []).append((at, changes))
    return found


def _then(row, names, when, changes) -> list:
    """The values of a row at that instant: each change since is taken back."""
    values = {name: getattr(row, name) for name in names}
    for at, changed in changes:
        if at <= when:
            break
        values.update({name: changed[name][0] for name in names if name in changed})
    return [values[name] for name in names]


def _display_name(user, when, people) -> str:
    if user is None:
        return ""
    names = ("first_name", "last_name", "display_credentials")
    first, last, letters = _then(user, names, when, people.get(str(user.pk), ()))
    name = f"{first or ''} {last or ''}".strip() or user.username
    return f"{name}, {letters}" if letters else name


class Migration(migrations.Migration):
    dependencies = [("treatments", "0014_what_follows_a_note_keeps_its_writer")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=False)]
