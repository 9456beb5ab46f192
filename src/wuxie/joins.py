"""Every consequence that crosses rooms, one line each; fed by the durable outbox after commit."""

from wuxie.kernel.facts.joins_registry import on
from wuxie.rooms.assembly import api as voting
from wuxie.rooms.assembly import facts as vote_facts
from wuxie.rooms.assembly import phone as doors
from wuxie.rooms.assembly.actions import question as votes
from wuxie.rooms.association.actions import members as membership
from wuxie.rooms.conduct import facts as conduct_facts
from wuxie.rooms.conduct.actions import scores as credit
from wuxie.rooms.fees import api as charging
from wuxie.rooms.fees import facts as fee_facts
from wuxie.rooms.fees.actions import deciding as fees
from wuxie.rooms.fund import facts as fund_facts
from wuxie.rooms.fund.actions import planning as repairs
from wuxie.rooms.fund.actions import reporting as dangers
from wuxie.rooms.inspections import facts as inspection_facts
from wuxie.rooms.inspections import queries as inspections
from wuxie.rooms.inspections.actions import cases as checkups
from wuxie.rooms.rating import facts as rating_facts
from wuxie.rooms.rating.actions import after as stars
from wuxie.rooms.register.actions import contracts
from wuxie.rooms.safety import api as watch
from wuxie.rooms.safety import facts as safety_facts
from wuxie.rooms.safety import field_parts as phone
from wuxie.rooms.safety import queries as safety
from wuxie.rooms.safety.actions import reporting as hazards

for veto in rating_facts.VETOES:
    on(veto, stars.follow_fact)  # whoever has a star and did this goes under review within days, not at year's end

on(conduct_facts.SANCTION, membership.follow_expulsion)  # who is expelled is no member any more
on(rating_facts.AWARDED, credit.follow_star)  # a star is a line of the company's credit
on(inspection_facts.FAILED, hazards.follow_fact)  # what an inspection found wrong is put right like any other hazard
on(safety_facts.TAKEN_OVER, checkups.follow_hazard)  # and the inspection shows the hazard
# A loose façade is fenced off first.
on(safety_facts.ASSIGNED, watch.confirmed(watch.LOOSE_FACADE, dangers.follow_hazard))
on(fund_facts.LINKED, hazards.follow_repair)  # and the hazard shows the repair
on(fund_facts.GUARDED, hazards.follow_repair)  # and that the place is fenced off
for asked, hears in ((fund_facts.VOTE_CALLED, repairs.follow_vote), (fee_facts.VOTE_CALLED, fees.follow_vote)):
    on(asked, votes.follow_request)  # a repair asks the owners in its scope, a change of fee all of the estate
    on(vote_facts.CARRIED, voting.told(hears))  # and hears what they decided
    on(vote_facts.NOT_CARRIED, voting.told(hears))
for over in (vote_facts.WITHDRAWN, vote_facts.ANNULLED):
    on(over, fees.follow_end)  # a vote called off or annulled takes with it what was built on it
on(fee_facts.PRICED, charging.told_price(contracts.follow_fee))  # the contract in the register says what is charged
inspections.equipment_from(safety.equipment_of)  # which inspections apply follows from what the estate has
# Collectors work on the same phone pages.
phone.also(phone.Part(doors.NAME, doors.TEMPLATE, doors.words, doors.day, doors.receive))
