"""What students report about questions and judgements, and what teachers do about it."""
