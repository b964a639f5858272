"""memveil: a local privacy layer for LLM agents and their memory."""
