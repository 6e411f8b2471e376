"""Drift for people: Evidently's view of the stored sample (the exact figures are computed in the warehouse)."""
