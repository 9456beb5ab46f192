"""Power passed on to end users: whether more is charged than is lawful."""
