"""Small pure helpers that know Django only; no models, no DRF."""
