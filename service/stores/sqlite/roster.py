"""Everybody on the roster, kept in memory by the store that owns the file.

People are thousands where shifts are hundreds of thousands, and hardly a batch is without them.
"""

from collections.abc import Iterable, Mapping

from core.ports import Member


class Roster:
    """The committed roster in load order. `numbers`: of its rows in the file, by id; `phones`: ids."""

    def __init__(self, rows: Iterable[tuple[int, Member]]) -> None:
        numbered = {member.id: (number, member) for number, member in rows}
        self.members: dict[str, Member] = {}
        self.numbers = {caregiver_id: number for caregiver_id, (number, _) in numbered.items()}
        self.phones: dict[str, str] = {}
        self._teams: dict[str, list[str]] = {}
        self.update({caregiver_id: member for caregiver_id, (_, member) in numbered.items()}, {})

    def update(self, changed: Mapping[str, Member], numbers: Mapping[str, int]) -> None:
        """Takes over what has been committed; `numbers` are those of the newcomers."""
        for caregiver_id in changed.keys() & self.members.keys():
            self.phones.pop(self.members[caregiver_id].phone, None)
        moved = [member for member in changed.values() if self._role(member.id) != member.role]
        self.members.update(changed)
        self.numbers.update(numbers)
        self.phones.update((member.phone, member.id) for member in changed.values())
        if moved:
            self._teams = {}

    def _role(self, caregiver_id: str) -> str | None:
        known = self.members.get(caregiver_id)
        return known.role if known else None

    def team(self, role: str) -> list[str]:
        """The ids of those with the role, in load order."""
        if not self._teams:
            for member in self.members.values():
                self._teams.setdefault(member.role, []).append(member.id)
        return self._teams.get(role, [])
