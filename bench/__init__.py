"""How long the pages take, as ratios to an empty page of the same stack in the same run."""
