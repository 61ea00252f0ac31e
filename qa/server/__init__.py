"""The server that `qa serve` runs, and how it publishes a changed corpus without a restart.

One process, the main one, reads the corpus folder and makes the application. Workers that answer are forked from it, so
that they share what it has read: a worker is there at once, and none ever reads the owner's folder. Only a folder that
could be read whole replaces what is served; then new workers take over from the old ones.
"""

from qa.server.supervisor import serve

__all__ = ["serve"]
