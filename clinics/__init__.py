"""Clinics: registration, pages, moderation, directory."""
