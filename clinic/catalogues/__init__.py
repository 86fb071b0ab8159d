"""Catalogue files, and the tables that are kept equal to them."""

from clinic.catalogues.table_sync import Catalogue, read, register, stands, sync

__all__ = ["Catalogue", "read", "register", "stands", "sync"]
