"""Why something could not be written, in words; a full disk with what to do."""

import errno
import os

FULL = (errno.ENOSPC, errno.EDQUOT)


def unwritten(error: OSError) -> str:
    """Why, without the path: that is for the caller to name."""
    if error.errno in FULL:
        return "the disk is full: make room there, and run again"
    return os.strerror(error.errno) if error.errno else str(error)
