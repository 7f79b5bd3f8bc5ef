"""What every flow stands on: processes and tasks, the family's lock, human steps, and completing them."""
