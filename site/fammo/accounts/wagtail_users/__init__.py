"""Wagtail's user admin, for people known by e-mail address with a profile, a plan and logins."""
