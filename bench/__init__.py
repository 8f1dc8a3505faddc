"""The figures that the goals name, each a ratio of two things measured in the same run."""
