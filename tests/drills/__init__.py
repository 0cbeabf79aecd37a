"""Long drills: many callers at once, servers killed in the middle, volumes. `make drills`; `make test` leaves them out."""
