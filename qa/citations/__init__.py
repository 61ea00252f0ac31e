"""Citations: the marks in a text, the works that they point at, and who supports which sentence."""
