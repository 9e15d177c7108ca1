"""A browser without JavaScript that fills in forms as a person does: it gets the page first, and sends its token."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

WORDS = "four plain quiet words"


class Browser:
    """Somebody's browser, with cookies of its own."""

    def __init__(self, client: FlaskClient, base_url: str = "http://localhost") -> None:
        self.client, self.base_url = client, base_url

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base_url)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def post(self, path: str, *, page: str = "", **fields: str) -> TestResponse:
        """Send the form that stands on ``page`` to ``path``."""
        headers = {"Referer": f"{self.base_url}{page or path}"}
        data = {"csrf_token": self.token(page or path), **fields}
        return self.client.post(path, data=data, base_url=self.base_url, headers=headers)

    def sign_up(self, username: str = "ann", password: str = WORDS, **fields: str) -> TestResponse:
        return self.post("/sign-up", username=username, password=password, password_again=password, **fields)

    def sign_in(self, username: str = "ann", password: str = WORDS, **fields: str) -> TestResponse:
        return self.post("/sign-in", username=username, password=password, **fields)

    def sign_out(self) -> TestResponse:
        return self.post("/sign-out", page="/account")


def errors(response: TestResponse) -> dict[str, str]:
    """The messages beside the fields, each tied to its field for those who do not see."""
    told = dict(re.findall(r'<p class="error" id="([a-z_]+)-error">([^<]+)</p>', response.text))
    for name in told:
        control = re.search(rf'<(?:input|select|textarea)[^>]*id="{name}"[^>]*>', response.text)
        assert control
        assert f"{name}-error" in control[0]
        assert 'aria-invalid="true"' in control[0]
    return told
