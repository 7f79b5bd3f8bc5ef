"""What VIVE asks of a few chosen families: who they are, what each person has consented to, and what became of it."""
