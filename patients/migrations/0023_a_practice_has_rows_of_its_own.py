"""A practice adds conditions, their codes and names, and health questions, and retires what it does not use."""

from django.db import migrations, models

from clinic.migrations._rows_of_a_practice import columns, constraints

CODES = {"condition": "code", "conditionname": "", "diagnosisfamily": "variant", "screeningitem": "code"}


class Migration(migrations.Migration):
    dependencies = [("patients", "0022_codes_that_exclude_each_other_say_which_holds")]

    operations = [
        migrations.RemoveConstraint("conditionname", "conditionname_stands_once"),
        *(operation for model in CODES for operation in columns(model)),
        *(operation for model, code in CODES.items() for operation in constraints("patients", model, code)),
        migrations.AddConstraint(
            "conditionname",
            models.UniqueConstraint(
                fields=["condition", "name", "own"],
                name="conditionname_stands_once",
                violation_error_message="This condition has that name already.",
            ),
        ),
    ]
