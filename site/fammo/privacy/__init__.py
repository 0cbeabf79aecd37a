"""What we know about a person, found by the declarations of all models (design D15): counted, exported, erased."""
