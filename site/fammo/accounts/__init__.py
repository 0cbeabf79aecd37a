"""People: e-mail users, sign-up, tokens, profiles, plans."""
