"""Chapter & Verse beside search libraries and engines, on the same passages: `python -m benchmarks.engines`."""
