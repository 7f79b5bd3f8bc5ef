"""Deadlines: started and stopped by what happens in the work, swept by the worker."""
