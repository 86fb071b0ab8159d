"""A scanned document is filed and opened by keyboard on a phone, and without scripts."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from patients.models import Paper
from patients.rules.papers import files
from tests import scans


def scan(content: bytes = scans.PDF) -> dict:
    return {"name": "Ada Examplewood.pdf", "mimeType": "application/pdf", "buffer": content}


def choose_file(page, content: bytes = scans.PDF) -> None:
    """The dialog in which a file is chosen is the system's."""
    page.get_by_label("File", exact=True).set_input_files(scan(content))


def is_wider_than_the_screen(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_it_is_filed_and_opened_by_keyboard_on_a_phone(open_page, keyboard_for, ada, reception):
    page = open_page(width=390, height=844, user=reception)
    keyboard = keyboard_for(page)
    page.goto(reverse("patients:papers", args=[ada.ref]))
    keyboard.go("File a document")
    keyboard.tab_to("What is it?")
    keyboard.type("Photo")
    keyboard.fill("Title", "Driver's license")
    keyboard.fill("Date on the document", f"{timezone.localdate():%m/%d/%Y}")
    assert not is_wider_than_the_screen(page)
    keyboard.go("File the document")
    expect(page.get_by_role("alert").or_(page.locator("[data-error-summary]")).first).to_contain_text("file")
    assert page.get_by_label("Title").input_value() == "Driver's license"

    choose_file(page)
    keyboard.go("File the document")
    with page.expect_download() as opened:
        keyboard.activate("Open Driver's license")

    paper = Paper.objects.get()
    assert paper.kind == "identity"
    assert opened.value.suggested_filename == f"{ada.ref}-{paper.pk}.pdf"
    assert opened.value.path().read_bytes() == scans.PDF
    assert not is_wider_than_the_screen(page)


def test_it_is_filed_and_opened_without_scripts(open_page, ada, reception):
    page = open_page(user=reception, java_script_enabled=False)
    page.goto(reverse("patients:paper-file", args=[ada.ref]))
    page.get_by_label("What is it?").select_option("referral")
    page.get_by_label("Title").fill("Letter of Dr. Example")
    page.get_by_label("Date on the document").fill(f"{timezone.localdate():%m/%d/%Y}")
    choose_file(page, scans.png())
    page.get_by_role("button", name="File the document").click()
    with page.expect_download() as opened:
        page.get_by_role("link", name="Open Letter of Dr. Example").click()

    assert opened.value.path().read_bytes() == scans.png()


def test_a_file_that_is_too_large_is_said_to_be_before_it_is_sent(open_page, ada, reception):
    page = open_page(user=reception)
    page.goto(reverse("patients:paper-file", args=[ada.ref]))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)

    choose_file(page, b"x" * (files.MAX_BYTES + 1))
    expect(page.locator("[data-too-large]")).to_be_visible()
    page.get_by_role("button", name="File the document").click()
    expect(page.get_by_label("File", exact=True)).to_be_focused()
    choose_file(page)

    expect(page.locator("[data-too-large]")).to_be_hidden()
    assert not [url for url in sent if "/papers/" in url]
