"""What others are asked on an episode: social care, a strategy discussion, a step up or down."""
