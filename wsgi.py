"""The application for any WSGI server, e.g. `granian --interface wsgi wsgi:app` or `flask --app wsgi run`."""

import sys

from qa.errors import QAError
from qa.log import LOG
from qa.settings import read_settings
from qa.web import create_app

try:
    app = create_app(read_settings(), tell=lambda fault: LOG.warning("skipped", fault=str(fault)))
except QAError as error:
    LOG.critical("cannot start", fault=str(error))
    sys.exit(3)  # tells gunicorn not to restart the worker
