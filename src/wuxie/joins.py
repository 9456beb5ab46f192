"""Every consequence that crosses rooms, one line each; fed by the durable outbox after commit."""
