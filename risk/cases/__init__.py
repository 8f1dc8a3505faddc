"""A whole case, read at once: for every page that shows one."""
