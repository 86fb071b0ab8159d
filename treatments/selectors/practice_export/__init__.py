"""The whole practice as a folder: which tables, what their columns mean, how a value is written."""
