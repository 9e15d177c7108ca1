"""The floor: the barest Flask and Flask-SQLAlchemy app, one SELECT on GET, one INSERT and COMMIT on POST.

Same server, same database and database settings as the app; what the app adds to it is what the benchmark measures.
"""

from __future__ import annotations

import os

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Integer, String, make_url, select
from sqlalchemy.orm import Mapped, mapped_column

from quizapp import store

db = SQLAlchemy(session_options={"expire_on_commit": False})


class Answer(db.Model):  # type: ignore[name-defined,misc]
    """A row to write and to read."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


def create_app() -> Flask:
    """The app on the database that FLOOR_DATABASE_URL names."""
    app = Flask(__name__)
    url = app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["FLOOR_DATABASE_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = store.engine_options(make_url(url).get_backend_name())
    db.init_app(app)
    with app.app_context():
        store.prepare_engine(db.engine)

    @app.before_request
    def begin() -> None:
        store.will_write.set(request.method == "POST")

    @app.get("/")
    def read() -> str:
        return db.session.scalars(select(Answer.text).where(Answer.id == 1)).one()

    @app.post("/")
    def write() -> str:
        db.session.add(Answer(text=request.form["answer"]))
        db.session.commit()
        return "saved"

    return app


def prepare(url: str) -> None:
    """Make the table with its first row."""
    os.environ["FLOOR_DATABASE_URL"] = url
    app = create_app()
    with app.app_context():
        db.create_all()
        db.session.add(Answer(text="first"))
        db.session.commit()
        db.engine.dispose()
