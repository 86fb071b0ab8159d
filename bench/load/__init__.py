"""Many people at work at once against the real server: what fails, what takes how long, what is lost."""
