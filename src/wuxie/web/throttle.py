"""How often one address may ask: a fixed window counted in the cache, addresses kept only as keyed hashes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from wuxie.kernel.parties.secrets import blind_index


@dataclass(frozen=True)
class Limit:
    """``most`` requests of one address in ``seconds``; ``name`` keeps the counts of different doors apart."""

    name: str
    most: int
    seconds: int

    def wait(self, request: HttpRequest) -> int:
        """Count this request; 0 if it may pass, else the seconds until the next window."""
        moment = int(time.time())  # real time: a rehearsal on another day must not open or close the door
        window = moment // self.seconds
        key = f"throttle:{self.name}:{window}:{blind_index(address(request), context='address')}"
        cache.add(key, 0, self.seconds)
        try:
            count = cache.incr(key)
        except ValueError:  # thrown out of the cache between the two lines
            return 0
        return (window + 1) * self.seconds - moment if count > self.most else 0


def address(request: HttpRequest) -> str:
    """The visitor's address: that of the connection, or the one that the trusted proxies (``WUXIE_PROXIES``) name."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))
