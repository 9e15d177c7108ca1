"""A student's browser without JavaScript, with short words for what one does in an attempt."""

from __future__ import annotations

from werkzeug.test import TestResponse

from tests.web.browsing import Browser


class Taker(Browser):
    """Somebody who takes quizzes; ``attempt`` is the address of the one begun last."""

    attempt = ""

    def start(self, quiz: str = "harbours") -> str:
        """Press Start on the quiz's page, as a guest if nobody is signed in; the attempt's address."""
        response = self.post(f"/quizzes/{quiz}/attempts", page=f"/quizzes/{quiz}")
        assert response.status_code == 302, response.text
        self.attempt = response.location
        return self.attempt

    def at(self, rest: object) -> TestResponse:
        """A page of the attempt: ``at(3)``, ``at("summary")``."""
        return self.get(f"{self.attempt}/{rest}")

    def press(self, rest: object, **fields: str) -> TestResponse:
        """Send a form of the attempt: ``press(3, answer="0")``, ``press("3/check", answer="1")``, ``press("submit")``."""
        return self.post(f"{self.attempt}/{rest}", page="/quizzes", **fields)

    def script(
        self, number: int, sequence: int, client: str = "phone-0001", base: str = "", **fields: str
    ) -> TestResponse:
        """Save as the page's script does."""
        data = {
            "csrf_token": self.token("/quizzes"),
            "client": client,
            "sequence": str(sequence),
            "base": base,
            **fields,
        }
        return self.client.post(
            f"{self.attempt}/{number}", data=data, base_url=self.base_url, headers={"Accept": "application/json"}
        )
