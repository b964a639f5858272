"""The gateway: official clients talk to it as to their provider, and nothing private leaves."""
