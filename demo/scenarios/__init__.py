"""Which patients the demo has: named scenarios first, then ordinary patients."""
