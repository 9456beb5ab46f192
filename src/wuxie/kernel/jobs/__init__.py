"""Background and periodic work, and the durable outbox that feeds every consequence after a commit."""
