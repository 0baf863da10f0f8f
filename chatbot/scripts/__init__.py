"""Scripted dialogues (`*.dialogue.yaml`): reading them, running them, saying what failed and why."""
