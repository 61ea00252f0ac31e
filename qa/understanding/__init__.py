"""From a question to its interpretation."""
