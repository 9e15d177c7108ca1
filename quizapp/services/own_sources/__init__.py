"""Sources that teachers add: received, described, cut into passages, made ready, retired; and their other copies."""
