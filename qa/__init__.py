"""Chapter & Verse: answers a question with passages of the owner's documents, word for word, with their citations."""

__version__ = "0.1.0"
