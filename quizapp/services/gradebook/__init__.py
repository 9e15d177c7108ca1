"""What counts for whom: the gradebook of a class (students × quizzes) and of a quiz (students × questions).

``rows`` and ``questions`` give the tables whole and check no access: that is for whoever calls them.
"""

from quizapp.services.gradebook.cells import Cell, Column, State
from quizapp.services.gradebook.of_class import Book, Row, rows
from quizapp.services.gradebook.policy import Policy, choose, policy
from quizapp.services.gradebook.seeing import seen_by

__all__ = ["Book", "Cell", "Column", "Policy", "Row", "State", "choose", "policy", "rows", "seen_by"]
