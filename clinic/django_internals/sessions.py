"""Sessions as Django stores them in the database, read by a prepared query."""

import datetime as dt

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from clinic.django_internals.prepared import PreparedQuery


def _unexpired(key: str, at: dt.datetime) -> QuerySet:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


UNEXPIRED = PreparedQuery(_unexpired)


class SessionStore(DatabaseStore):
    """Django names the engine of sessions by the module that has this class."""

    def load(self) -> dict:
        found = UNEXPIRED.one(key=self.session_key, at=timezone.now())
        if found is None:
            # Django's own mark of a session that is gone: the key is not used again
            self._session_key = None
        return self.decode(found.session_data) if found else {}
