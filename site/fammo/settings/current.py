"""The environment of this process, read at import; every settings module takes it from here."""

from fammo.environment import ROOT, read_environment

ENV = read_environment()

__all__ = ["ENV", "ROOT"]
