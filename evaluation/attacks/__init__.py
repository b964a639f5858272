"""Attacks on what leaves and on what is stored, one file each; each has ``run()``, which returns its findings."""
