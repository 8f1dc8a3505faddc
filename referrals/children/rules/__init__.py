"""What must hold of what is recorded of a child: details, numbers, where it lives, its statuses."""
