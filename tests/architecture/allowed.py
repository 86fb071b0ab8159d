"""Exceptions to the walls, each with its reason: (wall, path, function around the line or "")."""

ALLOWED: dict[tuple[str, str, str], str] = {}
