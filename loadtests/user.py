"""A user of Locust that speaks for one member of each crew, and records all that it says and hears."""

import json
from typing import Any

from locust import FastHttpUser

from loadtests.check.history import Action, Operation
from loadtests.check.remote import authorization
from loadtests.client import TIMEOUT_S, ask
from loadtests.run import Run


class ServiceUser(FastHttpUser):
    """`number`: which member of each crew it is. The connection is open before anything is measured."""

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
        """Sees to it that the connection is open. A claim sent over one that has been closed is lost."""
        with self.client.get("/health", catch_response=True) as response:
            response.success()

    def message(self, action: Action, shift: int, text: str, intended_ns: int | None = None) -> Operation:
        """A text about a shift, as the caregiver whom it was offered to."""
        cast = self.current.cast
        message = f"{cast.run}-{self.number}-{len(self.messages)}"
        said = {"from": cast.phone(shift, self.number), "body": text, "shift_id": cast.shift_id(shift)}
        body = json.dumps({**said, "message_id": message})
        self.messages.append((action, shift, message, body))
        return self.post_message(len(self.messages) - 1, intended_ns)

    def post_message(self, which: int, intended_ns: int | None = None) -> Operation:
        """Posts a message, for the first time or again."""
        action, shift, message, body = self.messages[which]
        caregiver = self.current.cast.caregiver_id(shift, self.number)
        return self._ask(action, shift, "/messages/inbound", body, intended_ns, caregiver, message)

    def look(self, shift: int, intended_ns: int | None = None) -> Operation:
        """Reads who has a shift."""
        return self._ask("read", shift, f"/shifts/{self.current.cast.shift_id(shift)}", None, intended_ns)

    def order(self, action: Action, shift: int, intended_ns: int | None = None) -> Operation:
        """A coordinator's command: fanout or release."""
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
    ) -> Operation:
        return ask(
            self.client, self.current.record, action, self.current.cast.shift_id(shift), path, body,
            process=self.number, intended_ns=intended_ns, caregiver=caregiver, message=message,
        )  # fmt: skip
