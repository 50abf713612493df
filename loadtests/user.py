"""A Locust user that acts as one member of each crew, and records everything it sends and receives."""

import json
from typing import Any

from locust import FastHttpUser

from loadtests.check.history import Action, Request
from loadtests.check.remote import authorization
from loadtests.client import TIMEOUT_S, ask
from loadtests.run import Run


class ServiceUser(FastHttpUser):
    """`number`: which member of each crew it is. Its connection is open before anything is measured."""

    abstract = True
    network_timeout = connection_timeout = TIMEOUT_S
    current: Run

    def __init__(self, environment: Any) -> None:
        self.default_headers = authorization()
        super().__init__(environment)

    def on_start(self) -> None:
        self.number = self.current.join()
        self.messages: list[tuple[Action, int, str, str]] = []
        self.connect()

    def connect(self) -> None:
        """Makes sure that the connection is open: a claim sent over a closed one is lost."""
        with self.client.get("/health", catch_response=True) as response:
            response.success()

    def message(self, action: Action, shift: int, text: str, intended_ns: int | None = None) -> Request:
        """Posts a text about a shift, from the crew member to whom it was offered."""
        cast = self.current.cast
        message = f"{cast.run}-{self.number}-{len(self.messages)}"
        fields = {"from": cast.phone(shift, self.number), "body": text, "shift_id": cast.shift_id(shift)}
        body = json.dumps({**fields, "message_id": message})
        self.messages.append((action, shift, message, body))
        return self.post_message(len(self.messages) - 1, intended_ns)

    def post_message(self, which: int, intended_ns: int | None = None) -> Request:
        """Posts a message, for the first time or again."""
        action, shift, message, body = self.messages[which]
        caregiver = self.current.cast.caregiver_id(shift, self.number)
        return self._ask(action, shift, "/messages/inbound", body, intended_ns, caregiver, message)

    def read(self, shift: int, intended_ns: int | None = None) -> Request:
        """Reads who holds a shift."""
        return self._ask("read", shift, f"/shifts/{self.current.cast.shift_id(shift)}", None, intended_ns)

    def command(self, action: Action, shift: int, intended_ns: int | None = None) -> Request:
        """Posts a coordinator's command: fanout or release."""
        path = f"/shifts/{self.current.cast.shift_id(shift)}/{action}"
        return self._ask(action, shift, path, "{}", intended_ns)

    def _ask(
        self,
        action: Action,
        shift: int,
        path: str,
        body: str | None,
        intended_ns: int | None,
        caregiver: str | None = None,
        message: str | None = None,
    ) -> Request:
        return ask(
            self.client, self.current.record, action, self.current.cast.shift_id(shift), path, body,
            process=self.number, intended_ns=intended_ns, caregiver=caregiver, message=message,
        )  # fmt: skip
