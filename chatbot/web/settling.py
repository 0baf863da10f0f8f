"""What has been loaded stays, so that the garbage collector need not look at it again. Knows nothing of what it is.

A collection stops every thread, those that refuse as well, for as long as it takes to look at all there is: a fifth of a
second with a model and a catalogue loaded, every few seconds under load. What is told apart here as loaded is looked at
no more.
"""

from __future__ import annotations

import gc

NEW = 5_000
"""New values before the collector looks for cycles among them. A turn makes thousands, hardly any of them in cycles: to look
after each 700, as Python does, costs a turn a twentieth of its time."""


def settle() -> None:
    """Everything that is there now is loaded. Called again when something else has been: what went meanwhile is let go."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, *gc.get_threshold()[1:])
