"""Adapters: memory systems and agent frameworks behind a guard, one file each."""
