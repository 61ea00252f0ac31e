"""How time, memory and space grow with the number of passages: `python -m benchmarks.scale`."""
