"""Django indexes each reference; most of them lead no page anywhere, or another index begins with them."""

from django.db import migrations

from clinic.locks.fewer_indexes import NoIndex


class Migration(migrations.Migration):
    dependencies = [("treatments", "0023_no_page_asks_by_like")]

    operations = [
        NoIndex(
            addendum=["written_by"],
            adverseevent=["closed_by", "noted_by", "report", "reported_by", "site", "withdrawn_by"],
            aftercare=["given_by", "item", "session"],
            amendmentanswer=["answered_by"],
            contactattempt=["made_by"],
            cosignature=["signed_by"],
            draftevent=["adopted_from", "by", "session"],
            draftpresence=["session", "user"],
            errormark=["marked_by"],
            followup=["assigned_to", "claimed_by", "closed_by", "due_at", "link", "session"],
            measurement=["muscle", "session_condition", "struck_by"],
            needlesite=["added_by", "muscle", "region", "session", "struck_by"],
            needlingsession=[
                "closed_unsigned_by",
                "consent",
                "consent_confirmed_by",
                "identity_checked_by",
                "jurisdiction",
                "location",
                "needles_counted_by",
                "needles_second_by",
                "opened_by",
                "patient",
                "referral",
                "screening",
                "signed_by",
                "therapist",
                "visit_screening",
                "voided_by",
            ],
            outcomescore=["condition", "episode", "noted_by"],
            override=["by", "site"],
            redflag=["acknowledged_by", "therapist"],
            seal=["sealed_by"],
            sessioncondition=["patient_condition", "removed_by", "session"],
            sharpsinjury=["injured", "location", "noted_by"],
            sorenessreport=["reported_by"],
            suggestedmuscle=["condition", "muscle"],
            unkeptentry=["session", "user"],
        ),
    ]
