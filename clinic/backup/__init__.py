"""A backup: one sealed file with a manifest and a consistent copy of the whole database.

`sealing` is the file, `former_format` the file of earlier releases, `manifest` what it says of itself,
`sqlite` and `postgres` how each engine is copied and brought back, `folder` where the files lie, `trial` how
a copy is tried. None of it writes to the live database.
"""


class BackupError(Exception):
    """What is wrong with a backup, or stands in its way: a sentence for whoever typed the command."""
