"""What the figures mean and how they are counted: plain Python over cases already read."""
