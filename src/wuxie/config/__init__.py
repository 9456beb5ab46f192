"""What is switched on: settings, addresses, the command line."""
