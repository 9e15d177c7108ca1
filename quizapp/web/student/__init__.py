"""What students see: the front page, quizzes, attempts, results, progress."""

from quizapp.web.student import certificates, looks  # noqa: F401  the addresses of certificates are among attempts'
from quizapp.web.student.assignments import blueprint as assignments
from quizapp.web.student.attempts import blueprint as attempts
from quizapp.web.student.joining import blueprint as joining
from quizapp.web.student.notes import blueprint as notes
from quizapp.web.student.progress import blueprint as progress
from quizapp.web.student.quizzes import blueprint as quizzes
from quizapp.web.student.reports import blueprint as reports

__all__ = ["assignments", "attempts", "joining", "looks", "notes", "progress", "quizzes", "reports"]
