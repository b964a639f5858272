"""The rules, as data: tuples of :class:`~memveil.recognizers.patterns.Pattern` rows by subject."""
