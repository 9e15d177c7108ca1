"""What is true: the rules of items, evidence, quizzes, attempts and marks.

It knows no Flask, no SQL, no clock, no chance and no files.
"""
