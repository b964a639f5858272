"""Memory systems, one file each: store texts, search them, show every byte that lies in the store."""
