"""Runs symbolizers side by side on the same input, and tells what they cost and answer."""
