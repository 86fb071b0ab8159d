"""docs/clinical-sources.md, made from the code and the catalogues: `python -m tests.sources`."""
