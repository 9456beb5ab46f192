"""The goals, by number, and what of each no part proves yet. The document prints both."""

from __future__ import annotations

#: The parts in the order in which they begin: the long ones first.
PARTS = (
    "survive", "attacks", "faults", "phones", "suites", "survive_postgres", "upgrade", "restore", "queues", "sealing", "packs", "races",
    "outage", "votes",
)  # fmt: skip
#: Number → (measure, goal figure).
GOALS: dict[str, tuple[str, str]] = {
    "G1": ("altered packs and ledgers noticed", "all, first broken fact named, ≤ 60 s"),
    "G2": ("whole ledger check", "1,000,000 facts ≤ 60 s; pack of 10,000 ≤ 5 s"),
    "G3": ("rewritten history noticed from one old root", "100 % of ≥ 2,000"),
    "G4": ("two verifiers agree on mutated packs; omission found", "100 %; 100 %"),
    "G5": ("act to seal; keepers of the root outside", "≤ 60 min; ≥ 2, one on paper"),
    "G6": ("acknowledged acts lost or doubled by kill -9, web server and worker", "0 / 0 in 300 kills, ≤ 5 min"),
    "G7": ("violations under faults in single system calls (EIO, ENOSPC, KILL)", "0 of ≥ 249"),
    "G8": ("acknowledged commits lost by power cut", "0 in 40 cuts"),
    "G9": ("phone queue: sets equal; rows per key in a race", "1,000 of 1,000 seeds; 1.00"),
    "G10": ("address × role × side tried; unexpected access", "100 %; 0"),
    "G11": ("branch coverage of kernel, law, actions, verifier; mutation score", "100 %, ≥ 95 % of all; ≥ 90 %"),
    "G12": ("hostile files survived", "100 of 100, ≤ 1 GiB, ≤ 10 s each"),
    "G13": ("formula cells / template payloads run / connections to inner addresses", "0 / 0 / 0"),
    "G14": ("canaries in plain text outside permitted places", "0 of 1,000"),
    "G15": ("restore on an empty machine; data at risk", "≤ 15 min, same root; ≤ 5 min"),
    "G16": ("votes recounted differently; stuffing uncaught", "0 of 10,000; 0 of 500"),
    "G17": ("ASVS levels 1 and 2 decided; passing by a named test", "100 %; ≥ 95 %"),
    "G18": ("known high faults in locked packages at release", "0"),
    "G19": ("SQLite version asserted at start", "≥ 3.51.3"),
    "G20": ("everything in one command on two cores", "≤ 30 min, each part ≤ 10"),
    "A4": ("forged plaque codes accepted", "0 of 10,000"),
    "A13": ("cut or altered backups", "all refused, nothing laid down"),
    "A14": ("a key lost, changed or destroyed", "one officer restores; old roots still passed"),
    "A17": ("disputes and corrections used to switch facts off", "100 of 100 noticed"),
    "A18": ("rights that outlive the post", "refused 50 of 50"),
    "P1": ("acts that due process forbids (discipline, meetings)", "all refused, nothing written"),
    "R1": ("the same step taken by two people at once", "exactly one wins, 1,000 of 1,000"),
    "R2": ("database or message targets away", "nothing lost, nothing doubled, 503 in words"),
    "R4": ("10,000 checks sent by 500 phones at once after an outage", "none lost, none doubled; other pages ≤ 2 s"),
    "R3": ("migrations on a filled demo of the state that landed before", "every row kept, old root passed through"),
}

#: What no part proves yet, wholly or in part, and why. Kept here so that a goal cannot be left out in silence.
OPEN: dict[str, str] = {
    "G4": "The second verifier is in another language but from the same house; a stranger has not written one yet.",
    "G5": "That a keeper outside keeps the root, on paper or otherwise, cannot be proved by the program: it mails it and prints it.",
    "G7": "PostgreSQL's own files are not tried.",
    "G8": "On SQLite only; PostgreSQL has its own log, which is not tried here.",
    "G9": "The queue machine runs on SQLite in one process; several processes at once are tried by the crowd of R4 and by the race on the "
    "keys that forms and the interface use (`once`) and on the ledger's own, the source of a fact.",
    "G11": "Coverage and mutation score are not measured here.",
    "G15": "Drilled on SQLite and in empty folders of the same machine; not on PostgreSQL, not on a second machine.",
    "G16": "There are no electronic ballots: what is stuffed is paper entered by collectors. Moves come through the verbs and by SQL, not "
    "over HTTP. Whoever rewrites table, ledger and every kept root is found by the sample of papers alone.",
    "G17": "Decided item by item in `docs/asvs.md`; what is open there is counted there, and level 3 is not gone through.",
    "G18": "No advisory database is asked: the run must work without the network.",
}
