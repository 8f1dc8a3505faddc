"""Children who were referred several times before the first decision at risk."""
