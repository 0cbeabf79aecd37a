"""The smallest project that fammo.api works in: it knows no domain, and its tests of several processes start quickly."""
