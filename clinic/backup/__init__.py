"""Backups: one sealed file with a manifest and a consistent copy of the whole database.

`sealing` writes and reads the file, `former_format` reads files of earlier releases, `manifest` describes the
copy, `sqlite` and `postgres` copy and restore each engine, `folder` manages the files, and `trial` tries a
backup. None of them writes to the live database.
"""


class BackupError(Exception):
    """A fault of a backup, or what prevents making one; the message is for the user of the command."""
