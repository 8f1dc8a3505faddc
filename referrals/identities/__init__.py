"""Who a child is, for one who works by reference: opened for one child, with a reason, for an hour."""
