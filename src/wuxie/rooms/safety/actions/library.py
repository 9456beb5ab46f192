"""Publishing a version of the library. The shipped one is published when the installation is made ready."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import now
from wuxie.kernel.standards.actions import canonical

from .. import library
from ..models import Library


@transaction.atomic
def publish(document: Any, *, by: str) -> Library:
    """Check a library and make it a version that lists can be drawn from; ``Problem`` says what is wrong with it."""
    checked = library.check(document)
    version, label = checked["duties"]["version"], checked["duties"]["label"]
    digest = hashlib.sha256(canonical(checked)).hexdigest()
    known = Library.objects.filter(version=version).first()
    if known is not None:
        if known.sha256 == digest:
            return known
        raise ValidationError(_("职责库已有版本 %(version)s，内容不同。请换一个版本号。") % {"version": version})
    return Library.objects.create(
        version=version, label=label, document=checked, sha256=digest, published_by=by, published_at=now()
    )


def publish_shipped() -> Library:
    """The library of this release; a version that is there already stays as it is."""
    document = library.shipped()
    known = Library.objects.filter(version=document["duties"]["version"]).first()
    return known or publish(document, by="clock")
