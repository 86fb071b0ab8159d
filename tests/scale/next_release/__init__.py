"""An app that stands for the next release: it adds one migration to those of the treatments."""
