"""The append-only ledger: what happened, as facts that can be neither changed nor left out unnoticed."""
