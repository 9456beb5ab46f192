"""The register's sheets, by noun; ``register()`` offers them all."""

from __future__ import annotations


def register() -> None:
    from . import companies, contracts, estates, posts, units  # models must be ready first

    for sheet in (estates, companies, contracts, units, posts):
        sheet.register()
