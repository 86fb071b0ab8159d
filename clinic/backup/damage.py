"""The errors of a sealed file that does not open."""

from clinic.backup import BackupError


def not_a_backup() -> BackupError:
    return BackupError("That is no backup of Filiform, or its beginning was changed.")


def unreadable_header() -> BackupError:
    return BackupError(
        "The file is under another key, or its beginning was changed or cut off. Set BACKUP_KEY to the key "
        "it was made with, or add that to BACKUP_FORMER_KEYS."
    )


def unreadable_piece(number: int, *, last: bool) -> BackupError:
    if last:
        return BackupError(
            "The file was cut off, or its end was changed. Copy it again from where it is whole."
        )
    return BackupError(
        f"The file was changed or damaged after it was written: piece {number:,} of it does not open. "
        "Copy it again from where it is whole, or use another."
    )
