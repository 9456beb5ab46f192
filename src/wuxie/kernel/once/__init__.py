"""An act is done once: a key that came with it is kept in the same transaction, with the answer that was given."""
