"""The command line. Everything is put together here, and only here is the environment read."""
