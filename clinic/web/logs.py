"""How a fault is written down, in the log and in a report: what failed and where, never with which values."""

import logging
import traceback

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from clinic.values import references

# A line break, a return or a colour in what a stranger sent would forge a line of its own.
ESCAPED = {number: f"\\x{number:02x}" for number in (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)}
# What an address of ours may name in the log, beside references.
NUMBERS = ("pk", "key", "step")


class LogFormatter(logging.Formatter):
    """A database repeats the row that it refuses, a parser the text: their words stay out of the log.

    So do the words of an address: people type names there too.
    """

    def formatMessage(self, record):
        request, message = getattr(record, "request", None), record.message
        if hasattr(request, "path"):
            for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
                message = message.replace(path, page_address(request))
        record.message = message.translate(ESCAPED)
        return super().formatMessage(record)

    def formatException(self, ei):
        shown = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            shown.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nafter:\n".join(shown)


def page_address(request) -> str:
    """The page that was asked for, with its references and numbers."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return "(no page of ours)"
    ref = match.kwargs.get("ref", "")
    kept = [str(match.kwargs[name]) for name in NUMBERS if name in match.kwargs]
    return " ".join([f"/{match.route}", *([ref] if references.is_valid(ref) else []), *kept])


class ValueFreeReportFilter(SafeExceptionReporterFilter):
    """What was sent, and every value that the program held, stays out of a report of a fault."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        sent = {} if request is None else request.POST
        return dict.fromkeys(sent, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]

    def get_safe_request_meta(self, request):
        kept = {"REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "CONTENT_LENGTH", "CONTENT_TYPE"}
        meta = super().get_safe_request_meta(request)
        return {name: value if name in kept else self.cleansed_substitute for name, value in meta.items()}

    def get_safe_cookies(self, request):
        return {}


class ValueFreeReport(ExceptionReporter):
    """The words of an error may repeat a row: its kind says enough."""

    def get_traceback_data(self):
        data = super().get_traceback_data()
        said = {"exception_value": "(its words are left out)", "exception_notes": "", "unicode_hint": ""}
        if self.request is not None:
            said |= {"request_insecure_uri": self.request.path, "request_GET_items": []}
        return {**data, **said, "request_FILES_items": []}

    def get_traceback_frames(self):
        frames = super().get_traceback_frames()
        for frame in frames:
            if frame.get("exc_cause"):
                frame["exc_cause"] = type(frame["exc_cause"]).__qualname__
        return frames
