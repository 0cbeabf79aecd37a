"""Towns: where they are, offline. ``towns.csv`` comes from GeoNames through ``make_towns.py`` (credit: NOTICE)."""
