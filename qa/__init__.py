"""Chapter & Verse answers questions with verbatim passages from the owner's documents, citations attached."""

__version__ = "0.1.0"
