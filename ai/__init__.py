"""Nutrition engine, language-model providers, generation and quota; advice, never authority."""
