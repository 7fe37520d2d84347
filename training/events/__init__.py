"""How the event model of `tertius.reading` is trained and measured. Needs PyTorch; not in the wheel."""
