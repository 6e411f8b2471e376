"""The parts of make_demo_seeds.py: a fictitious retailer, its people, and what they did."""
