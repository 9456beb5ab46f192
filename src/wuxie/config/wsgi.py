"""The door for the web server."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every room's pages now, not when the first visitor asks
# What was loaded so far stays for good. Looked through again by the collector, it holds up a request by a fifth of a second.
gc.collect()
gc.freeze()
# A page makes some ten thousand objects and drops them by counting: looked through every 700, they cost a twentieth of it.
gc.set_threshold(20_000, 20, 50)
