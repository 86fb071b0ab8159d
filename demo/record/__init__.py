"""The parts of one patient's record, each as the product would have stored it."""
