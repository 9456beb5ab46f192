"""``python -m trust.one MODULE``: run one part in a process of its own; its rows are the last line, as JSON."""

from __future__ import annotations

import importlib
import json
import sys

if __name__ == "__main__":
    made = importlib.import_module(f"trust.{sys.argv[1]}").rows()
    print("\n" + json.dumps([list(row) for row in made], ensure_ascii=False))
