"""The question's way, top to bottom: decide and compose."""
