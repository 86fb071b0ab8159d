"""Django's backend for SQLite, whose connections last from request to request."""
