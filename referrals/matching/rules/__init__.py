"""Whether two people may be one child: how names sound, how births differ, what speaks for and against."""
