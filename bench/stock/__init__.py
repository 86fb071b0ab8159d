"""A stock Django admin over the demo's people, served beside the product to compare with."""
