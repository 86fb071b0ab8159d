"""A commit of PostgreSQL that is not known to stand everywhere it should is raised as unsure, not as success.

Two ways lead there. The connection is lost while the commit is on its way. Or the server waits for its
standby, somebody ends the wait, and the server answers with success: that the standby may not have it stands
in a warning only (PostgreSQL, `synchronous_commit`).
"""

from django.db import InterfaceError, OperationalError

# source: PostgreSQL, appendix A: classes "connection exception" and "operator intervention"
LOST_CLASSES = ("08", "57")


class UnsureCommit(OperationalError):
    """The transaction may stand or not. Whoever asked sends it again: it is never written twice."""


def attach(connection) -> None:
    """From now on each commit of this connection is looked at. Called at each connecting."""
    if connection.vendor != "postgresql" or hasattr(connection, "filiform_commit"):
        return
    connection.filiform_commit = commit = connection.commit

    def committing():
        forget_notices(connection)
        try:
            commit()
        except (OperationalError, InterfaceError) as error:
            if is_lost(error):
                raise UnsureCommit(*error.args) from error
            raise
        if notices := forget_notices(connection):
            raise UnsureCommit(notices[0].strip())

    connection.commit = committing


def forget_notices(connection) -> list[str]:
    """What the server remarked since, in its own language. No commit of ours is remarked on otherwise."""
    there = connection.connection
    if there is None:
        return []
    notices = list(there.notices)
    del there.notices[:]
    return notices


def is_lost(error: Exception) -> bool:
    """Whether the answer to the commit was lost, rather than the commit refused."""
    code = getattr(error.__cause__, "pgcode", None)
    return code is None or code.startswith(LOST_CLASSES)


def is_read_only(error: BaseException | None) -> bool:
    """Whether a standby was asked to write: a database that changes its place, for a moment."""
    # source: PostgreSQL, appendix A: read_only_sql_transaction
    return getattr(getattr(error, "__cause__", None), "pgcode", None) == "25006"
