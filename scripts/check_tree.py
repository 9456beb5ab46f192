"""What no linter looks for: addresses in lock files, built or third-party files, paths of a machine in the tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock", "frontend/package-lock.json", "frontend/.npmrc")


def main() -> int:
    faults: list[str] = []
    for name in LOCKS:
        path = Path(name)
        if not path.exists():
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "://" in line and not re.search(r'"url": "https://', line):
                faults.append(f"{name}:{number} names an address")
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, tracked):
        if name.startswith("src/wuxie/web/static/") or name.endswith((".ttf", ".woff2", ".min.js", ".mo")):
            faults.append(f"{name} is built or someone else's and must not be in the repository")
        elif Path(name).exists() and Path(name).stat().st_size > (2_000_000 if name.endswith(".po") else 600_000):
            faults.append(f"{name} is too large: over 600 kB, or 2 MB of translations")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
