"""Work pages of the kernel's parts: what each of them knows, for those who may see it."""
