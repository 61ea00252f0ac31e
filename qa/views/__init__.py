"""What page, JSON and terminal show of the documents."""
