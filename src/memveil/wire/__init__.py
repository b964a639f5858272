"""Where text lives in each provider's JSON and in its streams; pure, without any I/O.

Every format is a module with the same verbs, described by :class:`memveil.wire.format.Format`.
"""
