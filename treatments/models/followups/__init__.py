"""Follow-ups: contacts after a session, and the warning signs that are asked."""
