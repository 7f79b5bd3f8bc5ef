"""Pictures of flows: the graph in reading order, where each step lies, how it is drawn, and who stands where."""
