"""How those who learn get on: a student, a class, a page for parents' evening."""
