"""Citations: find them in a text, resolve them to references, and decide which reference supports which sentence."""
