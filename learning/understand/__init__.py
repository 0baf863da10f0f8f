"""Heads over the frozen encoder for what the grammar of messages cannot tell; figures in bench/LOG.md."""
