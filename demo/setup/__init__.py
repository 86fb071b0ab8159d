"""What a build starts from: the practice and its staff, the catalogs, the clock and made-up people."""
