"""The commands: `quizapp SUBJECT VERB`, a module a subject. They call services and say what came out."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import ScriptInfo

from quizapp.cli.backup import backup, restore
from quizapp.cli.bank import bank
from quizapp.cli.classes import classes
from quizapp.cli.demo import demo
from quizapp.cli.installation import attempts, config, serve, setup
from quizapp.cli.scores import scores
from quizapp.cli.sources import sources
from quizapp.cli.user import user
from quizapp.services import transactions


class Commands(click.Group):
    """Commands that say in one line what is the matter with the database."""

    def invoke(self, ctx: click.Context) -> Any:
        """What the command gives."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            words = transactions.trouble(error)
            if words is None:
                raise
            raise click.ClickException(words) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.pass_context
def main(context: click.Context) -> None:
    """A quiz web app for history classes in which no answer stands without its evidence."""
    if context.obj is None:
        context.obj = ScriptInfo(app_import_path="quizapp:create_app")


for _command in (setup, serve, config, attempts, backup, restore, demo):
    main.add_command(_command)
main.add_command(bank)
main.add_command(classes)
main.add_command(scores)
main.add_command(sources)
main.add_command(user)
