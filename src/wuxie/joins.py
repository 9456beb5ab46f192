"""Every consequence that crosses rooms, one line each; fed by the durable outbox after commit."""

from wuxie.kernel.facts.joins_registry import on
from wuxie.rooms.rating import facts as rating_facts
from wuxie.rooms.rating.actions import after as stars

for veto in rating_facts.VETOES:
    on(veto, stars.follow_fact)  # whoever has a star and did this goes under review within days, not at year's end
