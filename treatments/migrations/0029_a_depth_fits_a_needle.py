"""A depth limit and a usual depth lie within the longest needle."""

from django.db import migrations, models
from django.db.models import Q


def within(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 150})


class Migration(migrations.Migration):
    dependencies = [("treatments", "0028_limits_that_no_needle_reaches_are_taken_away")]

    operations = [
        migrations.AddConstraint(
            "muscle",
            models.CheckConstraint(
                condition=within("depth_limit_mm") & within("usual_depth_mm"),
                name="muscle_depths_fit_a_needle",
                violation_error_message="No needle is longer than 150 mm. Check both depths.",
            ),
        ),
    ]
