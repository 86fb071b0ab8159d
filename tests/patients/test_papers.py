"""Scanned papers on a record: filed, listed, opened, marked as wrong, verified."""

import datetime as dt
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic import audit
from clinic.audit import row_check
from clinic.locks import triggers
from clinic.models import AuditEvent
from clinic.values.errors import RecordLocked, RuleViolation
from patients.actions import papers as actions
from patients.models import Coverage, Paper, PaperMark, PaperPart
from patients.models.papers import PART_BYTES
from patients.rules.papers import files
from patients.selectors import papers
from tests import factories, scans

pytestmark = pytest.mark.django_db

BIG = scans.pdf(b"%" + bytes(range(128, 256)) * 5_000)
NAMES = [
    "../../etc/passwd", 'a".pdf\r\nSet-Cookie: x=1', "\u202efdp.exe", "Ada Examplewood.pdf", "\x00.pdf",
    "x" * 900,
]  # fmt: skip


def upload(content: bytes = scans.PDF, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def at(name: str, patient, *more) -> str:
    return reverse(f"patients:{name}", args=[patient.ref, *more])


def typed(**values) -> dict:
    today = f"{timezone.localdate():%m/%d/%Y}"
    return {"kind": "other", "title": "Parking permit", "paper_on": today, **values}


def filed(patient, by, content: bytes = scans.PDF, **fields) -> Paper:
    values = {"kind": "other", "title": "Permit", "paper_on": timezone.localdate(), **fields}
    return actions.file(patient, by=by, content=io.BytesIO(content), size=len(content), **values)


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def codes_of(response) -> set[str]:
    return {error.code for errors in response.context["form"].errors.as_data().values() for error in errors}


def faults() -> list[tuple[str, str]]:
    checks = (papers.faults, row_check.faults)
    return [(fault.where, fault.kind) for check in checks for fault in check(lambda done: None)]


@pytest.mark.parametrize(
    "content", [scans.PDF, scans.png(), scans.jpeg(), BIG], ids=["pdf", "png", "jpeg", "parts"]
)
def test_what_is_filed_comes_back_byte_for_byte(signed_in, ada, reception, content):
    client = signed_in(reception)

    answer = client.post(at("paper-file", ada), typed(file=upload(content)))
    paper = Paper.objects.get()
    opened = client.get(at("paper-download", ada, paper.pk))

    assert answer["Location"] == at("papers", ada)
    assert bytes_of(opened) == content
    assert paper.digest == hashlib.sha256(content).hexdigest()
    assert [len(part.content) for part in paper.parts.order_by("number")] == [
        min(PART_BYTES, len(content) - start) for start in range(0, len(content), PART_BYTES)
    ]
    assert AuditEvent.objects.filter(code="paper.filed", patient_ref=ada.ref).count() == 1
    assert faults() == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_files_name_is_kept_or_sent(signed_in, ada, reception, name):
    client = signed_in(reception)

    client.post(at("paper-file", ada), typed(file=upload(scans.png(), name)))
    paper = Paper.objects.get()
    opened = client.get(at("paper-download", ada, paper.pk))

    assert opened["Content-Disposition"] == f'attachment; filename="{ada.ref}-{paper.pk}.png"'
    assert paper.title == "Parking permit"


def test_a_file_is_sent_to_be_saved_and_to_do_nothing(signed_in, ada, reception):
    paper = factories.paper(ada, reception)

    opened = signed_in(reception).get(
        at("paper-download", ada, paper.pk), headers={"accept-encoding": "gzip"}
    )

    assert opened["Content-Type"] == "application/pdf"
    assert opened["Content-Length"] == str(len(scans.PDF))
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Content-Security-Policy"].startswith("default-src 'none'")
    assert opened["Content-Security-Policy"].endswith("sandbox")
    assert opened["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in opened
    assert bytes_of(opened) == scans.PDF


def test_each_opening_is_in_the_audit_before_the_first_byte(signed_in, ada, reception):
    paper, client = factories.paper(ada, reception), signed_in(reception)

    for _ in range(2):
        client.get(at("paper-download", ada, paper.pk))

    events = AuditEvent.objects.filter(code="paper.opened", patient_ref=ada.ref)
    assert [event.object_ref for event in events] == [str(paper.pk)] * 2


def test_a_clinical_paper_is_opened_by_those_who_read_charts(signed_in, ada, reception, therapist, lead):
    paper = filed(ada, reception, kind="clinical", title="MRI of the back")
    desk = signed_in(reception)

    closed = desk.get(at("paper-download", ada, paper.pk))
    listed = desk.get(at("papers", ada)).content.decode()

    assert closed.status_code == 404
    assert not AuditEvent.objects.filter(code="paper.opened").exists()
    assert "MRI" not in listed
    assert "For therapists and leads" in listed
    for person in (therapist, lead):
        assert bytes_of(signed_in(person).get(at("paper-download", ada, paper.pk))) == scans.PDF
    assert "MRI" not in desk.get(at("paper-wrong", ada, paper.pk)).content.decode()


def test_a_paper_of_another_record_is_not_there(signed_in, ada, reception):
    other = factories.patient(reception, family_name="Otherwood")
    paper = factories.paper(other, reception)

    for name in ("paper-download", "paper-wrong"):
        assert signed_in(reception).get(at(name, ada, paper.pk)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (upload(b"<svg onload='alert(1)'/>"), "file-other"),
        (upload(b""), "file-empty"),
        (upload(scans.png(100_000, 100_000)), "file-pixels"),
        (upload(scans.pdf(b"x" * files.MAX_BYTES)), "file-large"),
        (None, "required"),
    ],
    ids=["svg", "empty", "pixels", "large", "none"],
)
def test_a_refused_file_leaves_everything_typed_and_nothing_else(signed_in, ada, reception, sent, code):
    refused = signed_in(reception).post(at("paper-file", ada), typed(**({"file": sent} if sent else {})))

    assert refused.status_code == 422
    assert codes_of(refused) == {code}
    assert 'value="Parking permit"' in refused.content.decode()
    assert not Paper.objects.exists()


@pytest.mark.parametrize(
    "table", ["patients_paper", "patients_paperpart", "clinic_auditevent", "clinic_formkey"]
)
def test_what_breaks_off_leaves_no_half_document(signed_in, ada, reception, table):
    """Of a file of three parts the last one fails, or what comes behind it."""
    client, key = signed_in(reception), "0d0c9b5a-2f7e-4a6a-9e58-5f0b5a3d1c11"
    passed = {"patients_paperpart": 2}.get(table, 0)
    seen = []

    def fail(execute, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "{table}"'):
            seen.append(sql)
            if len(seen) > passed:
                raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        broken = client.post(at("paper-file", ada), typed(form_key=key, file=upload(BIG)))
    left = (Paper.objects.count(), PaperPart.objects.count())
    again = client.post(at("paper-file", ada), typed(form_key=key, file=upload(BIG)))

    assert broken.status_code >= 500
    assert left == (0, 0)
    assert (again.status_code, Paper.objects.count()) == (302, 1)
    assert faults() == []


def test_the_same_form_sent_twice_files_once_and_with_another_file_asks(signed_in, ada, reception):
    client, key = signed_in(reception), "0d0c9b5a-2f7e-4a6a-9e58-5f0b5a3d1c11"

    answers = [
        client.post(at("paper-file", ada), typed(form_key=key, file=upload(content)))
        for content in (scans.PDF, scans.PDF, scans.png())
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert Paper.objects.count() == 1


def test_a_consent_on_paper_links_its_scan(signed_in, ada, reception, therapist):
    consent = factories.consent(ada, therapist, method="paper", paper_on=timezone.localdate(), signature="")
    client = signed_in(reception)
    page = at("consent", ada, consent.pk)
    form = f"{at('paper-file', ada)}?consent={consent.pk}"

    assert form in client.get(page).content.decode()
    shown = client.get(form).context["form"]
    client.post(at("paper-file", ada), typed(kind="consent", about=f"consent-{consent.pk}", file=upload()))

    assert (shown["kind"].value(), shown["about"].value()) == ("consent", f"consent-{consent.pk}")
    paper = consent.scans.get()
    assert at("paper-download", ada, paper.pk) in client.get(page).content.decode()
    actions.mark_wrong(paper, by=reception, reason="Another's")
    assert at("paper-download", ada, paper.pk) not in client.get(page).content.decode()


def test_both_sides_of_an_insurance_card_stand_with_the_insurance(signed_in, ada, reception):
    coverage = Coverage.objects.create(
        patient=ada, kind="commercial", payer="Plain Health", noted_by=reception
    )
    client = signed_in(reception)

    for kind in ("card_front", "card_back"):
        sent = typed(kind=kind, about=f"coverage-{coverage.pk}", file=upload(scans.jpeg()))
        assert client.post(at("paper-file", ada), sent).status_code == 302

    assert {paper.kind for paper in coverage.cards.all()} == {"card_front", "card_back"}
    assert client.get(at("papers", ada)).content.decode().count("Plain Health") == 2
    assert f"{at('paper-file', ada)}?coverage={coverage.pk}" in client.get(at("alerts", ada)).content.decode()


def test_what_does_not_belong_together_is_refused(ada, reception, therapist):
    nell = factories.patient(reception, family_name="Nellwood")
    consent = factories.consent(nell, therapist, method="paper", paper_on=timezone.localdate())
    coverage = Coverage.objects.create(patient=ada, kind="commercial", noted_by=reception)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    cases = [
        ({"kind": "consent", "consent": consent}, {"paper-elsewhere"}),
        ({"kind": "identity", "coverage": coverage}, {"paper-no-card"}),
        ({"paper_on": tomorrow}, {"paper-ahead"}),
    ]

    for fields, codes in cases:
        with pytest.raises(RuleViolation) as refused:
            filed(ada, reception, **fields)
        assert refused.value.codes == codes


def test_a_wrong_paper_is_marked_once_with_a_reason_and_stays(signed_in, ada, reception):
    paper, client = factories.paper(ada, reception), signed_in(reception)
    page = at("paper-wrong", ada, paper.pk)

    refused = client.post(page, {"reason": " "})
    client.post(page, {"reason": "Of Bob Pemberton"})
    again = client.post(page, {"reason": "Once more"})

    assert (refused.status_code, again.status_code) == (422, 422)
    assert PaperMark.objects.get().reason == "Of Bob Pemberton"
    listed = client.get(at("papers", ada)).content.decode()
    assert "Of Bob Pemberton" in listed
    assert page not in listed
    assert AuditEvent.objects.get(code="paper.marked").reason == "Of Bob Pemberton"
    assert bytes_of(client.get(at("paper-download", ada, paper.pk))) == scans.PDF


def test_a_paper_never_changes_and_never_goes(ada, reception):
    paper = filed(ada, reception)

    for row in (paper, paper.parts.get()):
        with pytest.raises(RecordLocked):
            row.save()
        with pytest.raises(RecordLocked):
            row.delete()
    for statement in (
        "UPDATE patients_paperpart SET content = content",
        "DELETE FROM patients_paperpart",
        "UPDATE patients_paper SET title = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("UPDATE patients_paperpart SET content = %s WHERE number = 1", {"altered"}),
        ("UPDATE patients_paperpart SET number = number + 5 WHERE number = 1", {"altered"}),
        ("DELETE FROM patients_paperpart WHERE number = 2", {"altered", "removed"}),
        ("UPDATE patients_paper SET digest = %s", {"altered"}),
    ],
)
def test_whoever_changes_a_file_past_the_locks_is_found(ada, reception, change, kinds):
    paper = filed(ada, reception, BIG)
    assert faults() == []
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(change, [b"x" * 32] if "%s" in change else [])

    found = faults()

    assert {kind for _, kind in found} == kinds
    assert any(where.startswith(f"document {paper.pk} ({ada.ref})") for where, _ in found)


def test_a_list_of_fifty_papers_reads_none_of_their_bytes(signed_in, ada, reception):
    client = signed_in(reception)
    counts = []
    for number in (1, 51):
        while Paper.objects.count() < number:
            factories.paper(ada, reception)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(at("papers", ada))
        counts.append(len(asked))
        assert not [query for query in asked if "patients_paperpart" in query["sql"]]

    assert counts[0] == counts[1]
    assert page.content.decode().count("Parking permit</span>") >= 50
    assert "?before=" in page.content.decode()


def test_no_row_that_an_event_covers_holds_the_bytes(ada, reception):
    """What the audit notes of a part is its place: 10 MB are not held until the event is written."""
    assert "content" not in audit.rows.covered_columns("patients_paperpart")
    assert {"number", "paper_id"} <= set(audit.rows.covered_columns("patients_paperpart"))


def test_a_part_is_read_at_a_time(ada, reception):
    paper = filed(ada, reception, BIG)

    with CaptureQueriesContext(connection) as asked:
        first = next(papers.parts_of(paper))

    assert len(first) == PART_BYTES
    assert len(asked) == 1


def test_the_form_takes_no_file_of_a_merged_record(ada, reception):
    survivor = factories.patient(reception, family_name="Survivewood")
    type(ada).objects.filter(pk=ada.pk).update(merged_into=survivor)

    with pytest.raises(RuleViolation) as refused:
        filed(ada, reception)

    assert refused.value.codes == {"merged"}
    assert not PaperPart.objects.exists()
