"""An insurance says who pays; a notice of non-coverage stands in a row of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0027_notices_leave_their_insurance")]

    operations = [
        migrations.RemoveField(model_name="coverage", name="notice"),
        migrations.RemoveField(model_name="coverage", name="notice_signed_on"),
    ]
