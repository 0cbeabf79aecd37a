"""Outgoing mail: kinds, templates in four languages, delivery by task."""
