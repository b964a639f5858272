"""The version of the program. The placeholder grammar and the vault format have their own."""

__version__ = "0.1.0"
