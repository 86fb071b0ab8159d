"""Sessions as Django stores them in the database, read by a prepared query."""

import datetime as dt

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery


def _unexpired(key: str, at: dt.datetime) -> QuerySet:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


UNEXPIRED = PreparedQuery(_unexpired)


class SessionStore(DatabaseStore):
    """Django names the engine of sessions by the module that has this class."""

    was_gone = False

    def load(self) -> dict:
        found = UNEXPIRED.one(key=self.session_key, at=timezone.now())
        if found is None:
            # Django's own mark of a session that is gone: the key is not used again
            self._session_key, self.was_gone = None, True
        return self.decode(found.session_data) if found else {}


class Middleware(SessionMiddleware):
    """Leaves the cookie of a session that had ended before the request came.

    Tabs share one cookie. While one of them signs out and gets another session, such as the patient's for the
    tablet, a request of a second tab may still be on its way with the former key: an answer that deleted the
    cookie would delete the new one.
    """

    def process_response(self, request, response):
        try:
            response = super().process_response(request, response)
        except SessionInterrupted as missed:
            raise _fault_behind(missed) from None
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if request.session.was_gone and cookie is not None and not cookie.value:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


def _fault_behind(missed: SessionInterrupted) -> Exception:
    """A database that fails is no session that somebody deleted, which is answered as a bad request."""
    fault = missed.__context__ and missed.__context__.__context__
    return fault if isinstance(fault, OperationalError | InterfaceError) else missed
