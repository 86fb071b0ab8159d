"""Another country in the place of the product's: Britain, in one file."""
