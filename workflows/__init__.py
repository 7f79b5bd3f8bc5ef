"""Floor 4: the flows that take a family through the model, and the kernel they stand on."""
