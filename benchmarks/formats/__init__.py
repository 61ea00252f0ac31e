"""Measure what readers of file formats get right, against gold that does not depend on them."""
