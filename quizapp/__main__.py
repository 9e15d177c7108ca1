"""The `quizapp` console script."""

from quizapp.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
