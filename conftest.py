"""What every test may rely on: a state folder of its own, made before the settings are read."""

import os
import tempfile

os.environ.setdefault("WUXIE_HOME", tempfile.mkdtemp(prefix="wuxie-test-"))
os.environ.pop("WUXIE_DEMO", None)
