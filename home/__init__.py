"""The site tree, onboarding slides, app configuration, dashboards and the demo content."""
