"""The application for any WSGI server, such as `granian --interface wsgi wsgi:app` or `flask --app wsgi run`."""

from qa.web import create_app

app = create_app()
application = app
