"""Fammo: a headless content and admin platform for pet care."""

__version__ = "0.1.0"
