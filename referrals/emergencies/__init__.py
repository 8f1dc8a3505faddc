"""Emergency access to a record that is hidden: asked for with a reason, for some hours, and reviewed."""
