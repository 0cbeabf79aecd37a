"""Clinics from files: read row by row, understood in our words or OpenStreetMap's. Writing them is ``services.import_clinic``."""
