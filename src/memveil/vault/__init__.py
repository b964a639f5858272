"""The vault: the encrypted store of placeholder and value, by scope. Start at ``base``."""
