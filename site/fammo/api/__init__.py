"""API conventions and nothing about pets: errors, pages, limits, languages, schema, stored answers."""
