"""The server behind `qa serve`, which can reload a changed corpus without a restart.

The main process reads the corpus folder and creates the application. Workers are forked from it and share its memory:
they start at once and never read the owner's folder. A corpus is published only if it was read without errors; new
workers then replace the old ones.
"""

from qa.server.supervisor import serve

__all__ = ["serve"]
