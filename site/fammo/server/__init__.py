"""Running the product: web, workers and the clock in one supervisor."""
