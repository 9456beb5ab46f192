"""The rating's verbs, by noun; each is one transaction, and ``by`` is the acting person."""
