"""What a moderator is shown about what waits: the queue, what changed, what to look at twice, and where it is."""
