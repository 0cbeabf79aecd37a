"""Legal pages, immutable versions, consent and its ledger."""
