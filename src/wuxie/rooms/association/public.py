"""What the public site may say of the association: which units are members today, unless one asked not to stand there."""

from __future__ import annotations

from wuxie.kernel.clock.now import today

from .models import Member, MemberQuerySet


def members() -> MemberQuerySet:
    """The directory: public by default; no person and no telephone number is in it."""
    return Member.objects.on(today()).filter(listed=True).select_related("organisation")
