"""Catalogue files, and the tables that are kept equal to them."""

from clinic.catalogues.table_sync import Catalogue, has_all_columns, read, register, sync

__all__ = ["Catalogue", "read", "register", "has_all_columns", "sync"]
