"""Files that nobody meant to write: whatever stands in them, they are read or refused with a message."""
