"""Runs functions at the same time: each in its own thread and on its own connection, started together."""

import contextlib
import threading

from django.db import connection, connections

from clinic.values import errors

# Nobody waits longer for another: who does hangs.
SECONDS = 120


def at_once(*acts) -> list:
    """The return value or the refusal of each function, in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(SECONDS)
            answers[place] = act()
        except (errors.RuleViolation, errors.StaleRecord) as refused:
            answers[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
        assert not thread.is_alive(), f"{thread.name} hangs"
    return answers


def refusals(answers: list) -> list:
    return [answer for answer in answers if isinstance(answer, errors.RuleViolation | errors.StaleRecord)]


@contextlib.contextmanager
def database_in_file(path):
    """A file copy of the test database, because one in memory has one connection only. SQLite only."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    copy = connection.Database.connect(path)
    memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = memory, name
