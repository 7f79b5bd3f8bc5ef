"""The pages of the model: versions and their differences, adaptations, the organisation's own texts."""
