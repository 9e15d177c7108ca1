"""What people do. Each takes the database session first, ``now`` and ``seed`` by name; they may flush, never commit."""
