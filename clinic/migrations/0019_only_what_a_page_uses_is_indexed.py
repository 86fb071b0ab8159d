"""Django indexes each reference; most of them lead no page anywhere, or another index begins with them."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoIndex


class Migration(migrations.Migration):
    dependencies = [("clinic", "0018_no_page_asks_by_like")]

    operations = [
        NoIndex(
            auditevent=["actor"],
            credential=["jurisdiction", "recorded_by"],
            credentialreminder=["credential"],
            formkey=["user"],
            heldform=["user"],
            jurisdiction=["checked_by"],
            patientlink=["revoked_by"],
            practice=["jurisdiction"],
            rolegrant=["given_by", "user"],
            room=["location"],
            user=["location", "one_time_password_by"],
        ),
    ]
