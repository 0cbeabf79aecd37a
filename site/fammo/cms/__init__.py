"""Wagtail conventions shared by all content: reviewed-revision workflows, locales, the admin's brand."""
