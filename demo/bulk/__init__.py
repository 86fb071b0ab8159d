"""Writes many rows at once, with their audit events and seals."""
