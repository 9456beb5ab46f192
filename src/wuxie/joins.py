"""Every consequence that crosses rooms, one line each; fed by the durable outbox after commit."""

from wuxie.kernel.facts.joins_registry import on
from wuxie.rooms.assembly import api as voting
from wuxie.rooms.assembly import facts as vote_facts
from wuxie.rooms.assembly.actions import decisions as votes
from wuxie.rooms.association import actions as membership
from wuxie.rooms.conduct import facts as conduct_facts
from wuxie.rooms.conduct.actions import scores as credit
from wuxie.rooms.fund import facts as fund_facts
from wuxie.rooms.fund.actions import planning as repairs
from wuxie.rooms.inspections import facts as inspection_facts
from wuxie.rooms.inspections import queries as inspections
from wuxie.rooms.rating import facts as rating_facts
from wuxie.rooms.rating.actions import after as stars
from wuxie.rooms.safety import queries as safety
from wuxie.rooms.safety.actions import reporting as hazards

for veto in rating_facts.VETOES:
    on(veto, stars.follow_fact)  # whoever has a star and did this goes under review within days, not at year's end

on(conduct_facts.SANCTION, membership.follow_expulsion)  # who is expelled is no member any more
on(rating_facts.AWARDED, credit.follow_star)  # a star is a line of the company's credit
on(inspection_facts.FAILED, hazards.follow_fact)  # what an inspection found wrong is put right like any other hazard
on(fund_facts.VOTE_CALLED, votes.follow_request)  # a repair from the maintenance fund asks the owners in its scope
on(vote_facts.CARRIED, voting.told(repairs.follow_vote))  # and hears what they decided
on(vote_facts.NOT_CARRIED, voting.told(repairs.follow_vote))
inspections.equipment_from(safety.equipment_of)  # which inspections apply follows from what the estate has
