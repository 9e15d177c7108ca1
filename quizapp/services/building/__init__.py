"""Putting quizzes together in the browser: drafts, what they become, what a draw can choose from, paper and wall."""
