"""Work safety down to the smallest post: who has to look at what, how often, and with which proof."""
