"""The waiting list over time: arrivals, readiness, offers, friendships and their ends, under a policy of matching."""
