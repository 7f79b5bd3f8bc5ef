"""Papers: pages that are printed as a PDF. What stands on one is a `document`; `printing` makes the file."""
