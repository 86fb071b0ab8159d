"""Exceptions to the walls, each with its reason: (wall, path, function around the line or "")."""

ALLOWED: dict[tuple[str, str, str], str] = {
    ("writes", "clinic/web/responses.py", "perform_once"): (
        "A form key is kept with what its post did: one transaction around the action of every floor."
    ),
    ("writes", "clinic/django_internals/many_rows.py", "insert"): (
        "An action gives the rows, as it gives the ORM those of a bulk insert."
    ),
    ("writes", "clinic/admin.py", "save_formset"): (
        "Django's admin asks the formset for its rows; each is given by an action."
    ),
    ("row locks", "clinic/models/references.py", "insert_with_new_refs"): (
        "A collision is undone to a savepoint, whichever way the row is written."
    ),
    ("writes", "clinic/administration/base.py", "get_object"): (
        "Django's admin reads the row that its form changes: it is read under its row lock."
    ),
    ("writes", "clinic/web/static_files.py", "minified"): "Collecting writes files, not rows.",
    ("addresses", "clinic/backup/postgres.py", ""): "Folders in which systems keep PostgreSQL's programs.",
}
