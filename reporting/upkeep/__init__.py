"""What runs at night: current values kept in step with the facts."""
