"""Questions from files: received, shown in a dry run, imported as far as wanted, and undone as a whole."""

from quizapp.services.importing.at_once import NOBODY, Imported, import_file, teacher_id
from quizapp.services.importing.preview import EVIDENCE, STATES, DryRun, Line, as_csv, dry_run
from quizapp.services.importing.proposing import propose_quiz
from quizapp.services.importing.receiving import (
    LARGEST,
    READABLE,
    SKILLS,
    CannotImport,
    Upload,
    past,
    receive,
    template,
)
from quizapp.services.importing.storing import NothingChosen, Outcome, import_these, undo

__all__ = [
    "EVIDENCE",
    "LARGEST",
    "NOBODY",
    "READABLE",
    "SKILLS",
    "STATES",
    "CannotImport",
    "DryRun",
    "Imported",
    "Line",
    "NothingChosen",
    "Outcome",
    "Upload",
    "as_csv",
    "dry_run",
    "import_file",
    "import_these",
    "past",
    "propose_quiz",
    "receive",
    "teacher_id",
    "template",
    "undo",
]
