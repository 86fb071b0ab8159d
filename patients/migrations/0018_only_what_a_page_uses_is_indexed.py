"""Django indexes each reference; most of them lead no page anywhere, or another index begins with them."""

from django.db import migrations, models

from clinic.locks.fewer_indexes import NoIndex


class Migration(migrations.Migration):
    dependencies = [("patients", "0017_no_page_asks_by_like")]

    operations = [
        NoIndex(
            allergy=["ended_by", "noted_by"],
            consent=["given_by", "refused_by", "screening", "text", "therapist", "witness"],
            consentcopy=["given_by"],
            consenttext=["jurisdiction", "published_by"],
            consentwithdrawal=["withdrawn_by"],
            coverage=["ended_by", "noted_by"],
            diagnosisfamily=["condition"],
            disclosure=["recorded_by"],
            episode=["discharged_by", "opened_by", "referral"],
            handover=["ended_by", "patient", "started_by", "therapist", "visit"],
            intake=["accepted_by", "link", "patient", "visit"],
            medication=["ended_by", "noted_by"],
            mergejournal=["loser", "merged_by", "survivor"],
            patient=[
                "account",
                "allergies_none_by",
                "external_id",
                "legal_hold_by",
                "medications_none_by",
                "merged_by",
                "merged_into",
                "name_key",
                "phone_key",
                "phone_wrong_by",
                "registered_by",
                "restricted_by",
            ],
            patientaccess=["given_by", "seen_by", "user"],
            patientcondition=["condition", "noted_by", "resolved_by", "variant"],
            patientkey=["patient"],
            referral=["noted_by"],
            relatedperson=["ended_by", "noted_by"],
            screening=["patient", "reviewed_by", "taken_at", "taken_by", "visit"],
            stampwithdrawal=["stamped_by", "visit", "withdrawn_by"],
            visit=[
                "arrived_by",
                "booked_by",
                "cancelled_by",
                "left_by",
                "location",
                "missed_by",
                "patient",
                "room",
                "roomed_by",
                "therapist",
            ],
        ),
        migrations.AddIndex("patient", models.Index(fields=["name_key"], name="patient_by_name")),
        migrations.AddIndex("patient", models.Index(fields=["phone_key"], name="patient_by_phone")),
        migrations.AddIndex("patientaccess", models.Index(fields=["user"], name="access_of_somebody")),
    ]
