"""The application for any WSGI server, such as `granian --interface wsgi wsgi:app` or `flask --app wsgi run`."""

import sys

from qa.errors import QAError
from qa.log import LOG
from qa.settings import read_settings
from qa.web import create_app

try:
    app = create_app(read_settings(), tell=lambda fault: LOG.warning("left out", fault=str(fault)))
except QAError as error:
    LOG.critical("cannot start", fault=str(error))
    sys.exit(3)  # by which gunicorn knows that starting a worker again is of no use
