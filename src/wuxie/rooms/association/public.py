"""What the public site may say of the association: which units are members today, unless one asked not to stand there, and what dues are."""

from __future__ import annotations

from django.db.models import QuerySet

from wuxie.kernel.clock.now import today

from .models import Member, MemberQuerySet, Rate


def members() -> MemberQuerySet:
    """The directory: public by default; no person and no telephone number is in it."""
    return Member.objects.on(today()).filter(listed=True).select_related("organisation")


def rates() -> QuerySet[Rate]:
    """The dues of every kind of member by year, with the item of the assembly that carried them."""
    return Rate.objects.select_related("item__meeting")
