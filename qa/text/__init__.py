"""Text analysis: terms, phrases, sentences, spelling, language, background frequencies."""
