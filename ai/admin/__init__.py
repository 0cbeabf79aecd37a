"""The admin's side of AI: registers, the chart of sources, and the laboratory."""
