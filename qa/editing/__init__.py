"""Tools for editors: check, changes, evaluate, snapshots."""
