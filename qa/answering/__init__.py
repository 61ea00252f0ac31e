"""From scored passages to an answer: decide, then compose."""
