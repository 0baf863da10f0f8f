"""The one error tree of the project, drawn here so that every room can raise from it.

AisleError
  CatalogError     UnknownSlot · UnreadableFeed · FeedUnavailable · ImportRefused (ImportBusy) · NoCatalog · BadWords
  LLMError         LLMUnavailable (LLMNotAsked) · LLMBadOutput   (llm/)
  BadSpec                                               (llm/)
  StoreError       TurnOvertaken · SessionGone          (chatbot/memory/)
  BadEdit · BadCall · TurnLeft · BadSite · BadToken               (chatbot/web/)
  PromptError · ScriptError · BadBackup                 (prompts/, chatbot/testing.py, aisle/)

Each carries one message a person can act on. It knows nothing of exit codes or HTTP:
the doors (aisle/cli, chatbot/web) decide how a kind of trouble is shown.
"""

from __future__ import annotations


class AisleError(Exception):
    """Base of every error Aisle raises on purpose."""


class CatalogError(AisleError):
    """The catalogue or a feed cannot be used as asked."""


class UnknownSlot(CatalogError):
    """A constraint names a slot that this catalogue does not have."""


class UnreadableFeed(CatalogError):
    """A feed as a whole cannot be read: no file, no rows, no id column, an unknown format."""


class FeedUnavailable(CatalogError):
    """A feed's address gives none: no such machine, refused, an error instead, a certificate that cannot be trusted."""


class ImportRefused(CatalogError):
    """The import was read but would do harm (remove most of the catalogue, say); nothing was changed."""


class ImportBusy(ImportRefused):
    """Another import of this catalogue is under way, or ended meanwhile: the same import can do well a little later."""


class NoCatalog(CatalogError):
    """There is no catalogue at this path, or it is not one of ours."""


class BadWords(CatalogError):
    """A shop's file of words cannot be read, or an entry of it is wrong."""


class LLMError(AisleError):
    """A model could not do its part. Caught only in track/ and rank/; the turn goes on, visibly degraded."""


class LLMUnavailable(LLMError):
    """No answer: refused, too slow, broken off, over its limits."""


class LLMNotAsked(LLMUnavailable):
    """The model was spared the call: it failed a moment ago, or has too much to do."""


class LLMBadOutput(LLMError):
    """An answer came but nothing in it could be used."""


class BadSpec(AisleError):
    """What was given names no model, or a key that no request can carry: wrong usage, whether a model is there or not."""


class PromptError(AisleError):
    """A prompt file or the values given to it are wrong."""


class StoreError(AisleError):
    """Conversations cannot be kept or read."""


class TurnOvertaken(StoreError):
    """Two messages of one conversation were answered at once; the later answer was not kept."""


class SessionGone(StoreError):
    """The conversation has been deleted, perhaps a moment ago."""


class BadEdit(AisleError):
    """An edit of the ledger, or a tap, names a wish that does not stand, or what this catalogue does not have."""


class BadCall(AisleError):
    """An agent's tool cannot be called so; the message is a sentence of ours that says what to mend."""


class TurnLeft(AisleError):
    """The one who asked went away before the answer was ready; nothing of it was kept."""


class BadBackup(AisleError):
    """A backup is not whole, or not what was written."""


class BadSite(AisleError):
    """The site file cannot be read, or a field of it cannot be used."""


class BadToken(AisleError):
    """Something signed that is forged, for somebody else, or over (`expired`)."""

    def __init__(self, message: str, expired: bool = False) -> None:
        super().__init__(message)
        self.expired = expired


class ScriptError(AisleError):
    """A scripted dialogue is not well formed."""
