"""Pages driven in Chromium."""
