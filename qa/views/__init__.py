"""Views: what the page, the JSON and the terminal show of the documents."""
