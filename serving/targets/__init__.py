"""Where releases are published: targets, siblings behind one interface."""

from serving.targets.history import Entry
from serving.targets.pointer import Pointer
from serving.targets.target import Published, Target, open_target

__all__ = ["Entry", "Pointer", "Published", "Target", "open_target"]
