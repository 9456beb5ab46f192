"""The association's pages: members, and the people behind every role."""
