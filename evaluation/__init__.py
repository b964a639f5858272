"""What protection costs and what it saves: memory systems behind memveil, measured offline (``make report``)."""
