"""Where this room finds published standards: by name and version, ``red-property-star@2026.1``."""
