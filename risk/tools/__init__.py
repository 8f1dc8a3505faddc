"""The assessment tools of a partnership, each in versions: the newest is used, older ones are refused."""
