"""Stands for SciPy where it is not installed, as on a machine that serves."""

raise ImportError("there is no SciPy where the service runs")
