"""Scanned papers: what a file is, which one may be filed, and who opens it."""
