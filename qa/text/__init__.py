"""Text to terms: words, phrases, sentences, spelling, language, background counts."""
