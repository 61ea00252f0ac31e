"""For editors: check, changes, evaluate, snapshots."""
