"""Consent texts in the administration: written as text, read before they are published, retired, compared."""

import pytest
from django.urls import reverse

from clinic.models import AuditEvent
from patients.actions import consent_texts
from patients.models import ConsentText
from tests import factories
from tests.catalogue_files import FILES

pytestmark = pytest.mark.django_db

TYPED = {
    "version": "own-1", "language": "en", "title": "Needling here", "body": "What it is.\n\nWhat it is not.",
    "statements": "Read: I have read it.\nStop: I may say no.", "source": "our counsel",
}  # fmt: skip


@pytest.fixture
def client(admin, signed_in):
    return signed_in(admin)


@pytest.fixture
def draft():
    columns = {"title": "Needling", "body": "What it is.", "digest": "-", "not_acupuncture": True}
    return ConsentText.objects.create(
        version="own-1", statements=["I have read it."], statement_names=["Read"], **columns
    )


def add(client, **typed):
    return client.post(reverse("admin:patients_consenttext_add"), {**TYPED, **typed})


def act(client, action: str, *texts):
    url = reverse("admin:patients_consenttext_changelist")
    chosen = {"action": action, "_selected_action": [text.pk for text in texts]}
    return client.post(url, chosen, follow=True)


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        ("I have read it.", "Line 1 has no name."),
        ("Read: I have read it.\nread: Again.", "Line 2: “read” is the name of another statement."),
        (f"Read: {'x' * 501}", "Line 1 is too long"),
    ],
)
def test_a_line_that_is_no_named_statement_is_said_at_its_field(client, statements, message):
    response = add(client, statements=statements)

    form = response.context_data["adminform"].form
    assert response.status_code == 422
    assert message in " ".join(form.errors["statements"])
    assert form["statements"].value() == statements
    assert not ConsentText.objects.filter(version="own-1").exists()


def test_a_draft_is_read_as_patients_will_before_it_is_published(client):
    response = add(client, _preview="yes")

    text = ConsentText.objects.get(version="own-1")
    assert response.url == reverse("admin:patients_consenttext_read", args=[text.pk])
    page = client.get(response.url).content.decode()
    for said in (
        "A draft:",
        "<p>What it is not.</p>",
        "<li>I have read it.</li>",
        "<strong>New</strong> · Read",
    ):
        assert said in page, said
    assert text.published_at is None


def test_a_changed_draft_keeps_its_names(client, draft):
    url = reverse("admin:patients_consenttext_change", args=[draft.pk])
    assert "Read: I have read it.</textarea>" in client.get(url).content.decode()

    assert client.post(url, {**TYPED, "statements": "Read: I read all of it."}).status_code == 302

    draft.refresh_from_db()
    assert (draft.statement_names, draft.statements) == (["Read"], ["I read all of it."])


def test_two_versions_are_compared_in_words(client, draft):
    former = ConsentText.objects.create(
        version="own-0", title="x", body="What it was.", digest="-", statements=["I read it.", "Gone."],
        statement_names=["Read", "Left"],
    )  # fmt: skip
    url = reverse("admin:patients_consenttext_read", args=[draft.pk])

    page = client.get(url, {"former": former.pk}).content.decode()

    for said in ("<del>I read it.</del>", "<ins>I have read it.</ins>", "<del>Gone.</del>", "Changed"):
        assert said in page, said
    assert client.get(url, {"former": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["I have read it."], "asked for nothing"),
        (["I have read all of it."], "asked for 1 statement of this one"),
        (["I have read it.", "I may stop.", "I ask."], "asked for 2 statements of this one"),
    ],
)
def test_the_page_says_what_publishing_asks_of_those_who_agreed_before(client, draft, statements, said):
    """A changed paragraph alone asks nobody: who writes it is told before it is published."""
    newer = ConsentText.objects.create(
        version="own-2", title="x", body="In other words.", digest="-", statements=statements
    )
    url = reverse("admin:patients_consenttext_read", args=[newer.pk])

    assert said in client.get(url, {"former": draft.pk}).content.decode()


def test_a_text_is_compared_with_one_in_its_own_language(client, draft):
    shipped = ConsentText.objects.published().get()
    ConsentText.objects.create(
        version="own-9", language="es", title="x", body="x", digest="-", statements=["Lo leí."],
        published_at=shipped.published_at.replace(year=2099),
    )  # fmt: skip

    page = client.get(reverse("admin:patients_consenttext_read", args=[draft.pk]))

    assert page.context["former"] == shipped


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_a_text_that_is_not_there_is_no_error(client, number):
    url = reverse("admin:patients_consenttext_read", args=[1]).replace("/1/", f"/{number}/")

    assert client.get(url).status_code == 404


def test_a_published_text_is_retired_and_another_one_is_signed(client, admin, draft):
    consent_texts.publish(draft, by=admin)
    former = ConsentText.objects.published().exclude(pk=draft.pk).get()

    assert "Retired." in act(client, "retire", former).content.decode()

    former.refresh_from_db()
    assert former.retired_at
    assert AuditEvent.objects.get(code="consent_text.retired").actor == admin
    assert ConsentText.objects.published().get() == draft


def test_the_only_text_that_patients_sign_is_not_retired(client):
    text = ConsentText.objects.published().get()

    assert "It is the only text that patients can sign." in act(client, "retire", text).content.decode()

    text.refresh_from_db()
    assert text.retired_at is None


def test_a_draft_is_not_retired(client, draft):
    act(client, "retire", draft)

    draft.refresh_from_db()
    assert draft.retired_at is None


@pytest.mark.parametrize("role", ["reception", "therapist", "lead"])
def test_only_administrators_read_drafts(request, signed_in, role, draft):
    person = request.getfixturevalue(role)
    response = signed_in(person).get(reverse("admin:patients_consenttext_read", args=[draft.pk]))

    assert response.status_code in (302, 403)


def test_an_update_retires_the_former_text_of_the_product_and_no_own_one(admin, ada, therapist, draft):
    consent_texts.publish(draft, by=admin)
    shipped = ConsentText.objects.get(published_by=None)
    former = ConsentText.objects.create(
        version="2026-1", title="x", body="x", digest="-", statements=["x"], published_at=shipped.published_at
    )
    consent = factories.consent(ada, therapist, text=former, text_digest="ab")

    consent_texts.publish_file(FILES["consent_texts"])

    former.refresh_from_db()
    consent.refresh_from_db()
    assert former.retired_at
    assert (consent.text, consent.text.body) == (former, "x")
    assert set(ConsentText.objects.published()) == {draft, shipped}


def test_the_practices_own_text_stands_before_the_products(admin, draft):
    consent_texts.publish(draft, by=admin)
    ConsentText.objects.create(
        version="2099-1", title="x", body="x", digest="-", statements=["x"], not_acupuncture=True,
        published_at=ConsentText.objects.get(pk=draft.pk).published_at.replace(year=2099),
    )  # fmt: skip

    assert ConsentText.objects.published().wanted_by(None).first() == draft
