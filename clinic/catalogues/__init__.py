"""Catalogue files, and the tables that are kept equal to them."""

from clinic.catalogues.table_sync import (
    Catalogue,
    has_all_columns,
    is_in_file,
    read,
    register,
    shipped,
    sync,
)

__all__ = ["Catalogue", "has_all_columns", "is_in_file", "read", "register", "shipped", "sync"]
