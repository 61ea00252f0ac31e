"""The WSGI application for any server: `flask --app wsgi run`, `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app`."""

from qa.web import create_app

app = create_app()
application = app
