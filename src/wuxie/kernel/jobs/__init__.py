"""Background work and the durable outbox."""
