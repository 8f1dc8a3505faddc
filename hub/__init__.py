"""The floor: settings, sign-in, access, audit, time, codes, engines."""
