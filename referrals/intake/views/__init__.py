"""The pages of referrals: making one, by link or signed in; the hub's list; one referral."""
