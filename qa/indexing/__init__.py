"""The documents' way, top to bottom: sections, passages, ingest."""
