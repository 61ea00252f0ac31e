"""A question to what was understood of it."""
