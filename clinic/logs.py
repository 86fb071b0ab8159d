"""How a line of the log is written: what failed and where, never with which values."""

import logging
import traceback


class Line(logging.Formatter):
    """A database repeats the row that it refuses, a parser the text: their words stay out of the log."""

    def formatException(self, ei):
        shown = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            shown.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nafter:\n".join(shown)
