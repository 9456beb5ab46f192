"""Inside an installation: five hundred phones with what waits in them, and what stands in the database after they sent it.

``python -m trust.crowd seed PHONES EACH`` prints a session and the duties of each phone; ``… count`` reads from standard input
which numbers were sent and which receipts came, and prints what is wrong, counted.
"""

from __future__ import annotations

import json
import sys

if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    from wuxie.rooms.safety.tests import crowd

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if sys.argv[1] == "seed":
        said: object = crowd.seed(int(sys.argv[2]), int(sys.argv[3]))
    else:
        said = crowd.count(json.load(sys.stdin))
    print(json.dumps(said))
