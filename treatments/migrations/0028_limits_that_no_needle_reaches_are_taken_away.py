"""A limit of 900 mm limits nothing: the muscle stands again among those that wait for an approved limit."""

from django.db import migrations
from django.db.models import Q

BEYOND = 150


def forth(apps, schema_editor):
    muscles = apps.get_model("treatments", "Muscle").objects
    muscles.filter(Q(depth_limit_mm__gt=BEYOND) | Q(depth_limit_mm=0)).update(
        depth_limit_mm=None, limit_approved_by="", limit_approved_on=None
    )
    muscles.filter(Q(usual_depth_mm__gt=BEYOND) | Q(usual_depth_mm=0)).update(usual_depth_mm=None)


class Migration(migrations.Migration):
    dependencies = [("treatments", "0027_calls_are_found_by_their_outcome")]

    operations = [migrations.RunPython(forth, migrations.RunPython.noop)]
