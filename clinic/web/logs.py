"""Logs and error reports: what failed and where, never with which values."""

import datetime as dt
import logging
import traceback
from pathlib import Path

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from clinic.values import references, requests

# Control characters in a request could forge a log line of their own.
ESCAPED = {number: f"\\x{number:02x}" for number in (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)}
# URL arguments that the log may show, beside references.
NUMBERS = ("pk", "key", "step")


# How much of a file's path tells it from every other: treatments/views/set_up.py
PATH_PARTS = 3


class LogFormatter(logging.Formatter):
    """One line each: when, with its distance from UTC, what, which request, status and error.

    Leaves out messages of exceptions and paths: a database error repeats the row, a parser the text, and
    people type names into addresses.
    """

    def format(self, record):
        return super().format(record).replace("\n", " ")

    def formatTime(self, record, datefmt=None):
        return dt.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def formatMessage(self, record):
        request, message = getattr(record, "request", None), record.message
        if hasattr(request, "path"):
            for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
                message = message.replace(path, page_address(request))
        record.message = message.translate(ESCAPED)
        return " ".join([super().formatMessage(record), *_facts(record)])

    def formatException(self, ei):
        """Where it was raised, the last call first, and what it came of; no line of the source."""
        shown = []
        error = ei[1]
        while error is not None:
            frames = [_place(frame) for frame in reversed(traceback.extract_tb(error.__traceback__))]
            named = f"{type(error).__module__}.{type(error).__qualname__}"
            shown.append(f"{named} at {' < '.join(frames)}" if frames else named)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "; after ".join(shown)


def _facts(record) -> list[str]:
    """What a monitor looks for, each as name=value."""
    own = getattr(getattr(record, "request", None), "request_id", "")
    facts = {
        "request": own or requests.request_facts.get().request_id,
        "status": getattr(record, "status_code", ""),
        "error": error_class(record.exc_info[1]) if record.exc_info else "",
    }
    return [f"{name}={value}" for name, value in facts.items() if value]


def error_class(error: BaseException | None) -> str:
    """The class of an error; behind that of a database the engine's own code: OperationalError/57P01."""
    if error is None:
        return ""
    cause = error.__cause__
    code = getattr(cause, "pgcode", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(error).__name__}/{code}" if code else type(error).__name__


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(Path(frame.filename).parts[-PATH_PARTS:])}:{frame.lineno} {frame.name}"


def page_address(request) -> str:
    """The requested page, with its references and numbers."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "(no page of ours)"
    ref = match.kwargs.get("ref", "")
    parts = [str(match.kwargs[name]) for name in NUMBERS if name in match.kwargs]
    return " ".join([f"/{match.route}", *([ref] if references.is_valid(ref) else []), *parts])


class ValueFreeReportFilter(SafeExceptionReporterFilter):
    """Leaves posted data and the values of variables out of an error report."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        sent = {} if request is None else request.POST
        return dict.fromkeys(sent, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]

    def get_safe_request_meta(self, request):
        shown = {"REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "CONTENT_LENGTH", "CONTENT_TYPE"}
        meta = super().get_safe_request_meta(request)
        return {name: value if name in shown else self.cleansed_substitute for name, value in meta.items()}

    def get_safe_cookies(self, request):
        return {}


class ValueFreeReport(ExceptionReporter):
    """Leaves the message of an error out, which may repeat a row; its class is enough."""

    def get_traceback_data(self):
        data = super().get_traceback_data()
        left_out = {"exception_value": "(its words are left out)", "exception_notes": "", "unicode_hint": ""}
        if self.request is not None:
            left_out |= {"request_insecure_uri": self.request.path, "request_GET_items": []}
        return {**data, **left_out, "request_FILES_items": []}

    def get_traceback_frames(self):
        frames = super().get_traceback_frames()
        for frame in frames:
            if frame.get("exc_cause"):
                frame["exc_cause"] = type(frame["exc_cause"]).__qualname__
        return frames
