"""Fixtures for browser tests with the system's Chromium: watched pages and a keyboard-only user.

A test requests `browser_page` (1280 px, light) or calls `open_page(width=320, scheme="dark", user=ada)`.
`keyboard_for(page)` is a user without a mouse. At the end of a test no unexpected fault may have occurred: no
script error, no content-security violation, no request to another host.
"""

import contextlib
import importlib.util
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests import chromium

HERE = Path(__file__).parent
INSTALLED = all(importlib.util.find_spec(name) for name in ("playwright", "axe_playwright_python"))
# Without Playwright its tests cannot even be imported; `make browser` installs it where a Chromium is.
collect_ignore_glob = [] if INSTALLED else ["test_*.py"]

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

if INSTALLED:
    from playwright.sync_api import expect, sync_playwright

    from tests.browser.keyboard import Keyboard
    from tests.browser.network import TIMEOUT
    from tests.browser.page_faults import FaultWatch
    from tests.browser.page_states import PageViewer
    from tests.browser.shared_practice import SharedPractice

    # a busy machine needs longer than the default timeout
    expect.set_options(timeout=TIMEOUT)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One worker more than cores, because a browser test mostly waits for the page."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file instead of memory, because the server's threads cannot share one SQLite connection."""
    for database in settings.DATABASES.values():
        if "sqlite" in database["ENGINE"]:
            file = tmp_path_factory.mktemp("database") / "browser.sqlite3"
            database.setdefault("TEST", {})["NAME"] = str(file)
            # the data does not outlive the run, so it need not be flushed to disk
            options = database["OPTIONS"]
            options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def browser():
    path = chromium.find()
    if path is None:
        reason = "No Chromium was found. Install one, or name one with CHROMIUM=..."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        # Playwright runs an event loop in this thread, and Django refuses database access beside one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            yield started
            started.close()


@pytest.fixture
def open_page(browser, live_server):
    """Opens pages that are watched for faults, signed in as `user` if given; options are the context's."""
    opened = []

    def open_(*, width=1280, height=900, scheme="light", user=None, **options):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-US",
            **options,
        )
        context.set_default_timeout(TIMEOUT)
        watch = FaultWatch(context, host=urlsplit(live_server.url).netloc)
        opened.append((context, watch))
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        page.watch = watch
        return page

    yield open_
    for context, _ in opened:
        close(context)
    assert [fault for _, watch in opened for fault in watch.unexpected()] == []


def close(context) -> None:
    """Close the context; what a test still does to requests ends first, for they go with their page."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.close()


@pytest.fixture(scope="session")
def shared_practice():
    """Fills the empty database of a test with the shared practice."""
    with contextlib.closing(SharedPractice()) as shared:
        yield shared


@pytest.fixture
def page_viewer(browser, live_server, shared_practice):
    """A viewer of the pages of the shared practice."""
    viewer = PageViewer(browser, live_server.url, shared_practice.ready())
    yield viewer
    viewer.close()


@pytest.fixture
def browser_page(open_page):
    return open_page()


@pytest.fixture
def keyboard_for():
    """keyboard_for(page); fails at the end if a pointer event occurred on that page."""
    keyboards = []

    def keyboard(page):
        keyboards.append(Keyboard(page))
        return keyboards[-1]

    yield keyboard
    assert [event for keyboard_used in keyboards for event in keyboard_used.page.watch.pointer_events] == []


@pytest.fixture
def keyboard(browser_page, keyboard_for):
    return keyboard_for(browser_page)


def session_cookie(user, url: str) -> dict:
    """A session cookie as a sign-in would set it, for tests that are not about signing in."""
    client = Client()
    client.force_login(user)
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": url}
