from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0007_consents_of_before_say_who_signed")]

    operations = [
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("patient_name", ""), _negated=True), ("patient_born__isnull", False)
                ),
                name="consent_names_the_patient",
            ),
        ),
    ]
