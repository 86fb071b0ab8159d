"""A server that answers writes late: it works at once, and its answer is on the way for a while."""

import time

from django.core.handlers.base import BaseHandler

ROWS = "/sites/"


class LateServer:
    """Delays the answers to POST requests by `seconds`; `posted` are the paths of requests with sites."""

    def __init__(self, monkeypatch):
        self.seconds, self.posted = 0.0, []
        answer_at_once = BaseHandler.get_response

        def answer_late(handler, request):
            response = answer_at_once(handler, request)
            if request.method == "POST":
                self.posted += [request.path] if request.path.endswith(ROWS) else []
                time.sleep(self.seconds)
            return response

        monkeypatch.setattr(BaseHandler, "get_response", answer_late)
