"""Pets and their reference data."""
