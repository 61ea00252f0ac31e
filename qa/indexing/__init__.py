"""From documents to the index: sections, passages, ingest."""
