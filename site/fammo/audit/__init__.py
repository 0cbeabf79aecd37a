"""Who did what to which thing, with which outcome; written once and never changed.

An app lists its verbs in its ``audit.py`` under ``@declare`` (``fammo.audit.verbs``) and its services write with
``fammo.audit.services.record`` inside their own transaction, so that there is no act without its line and no line without its act.
"""
