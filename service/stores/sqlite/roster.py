"""Everybody on the roster, kept in memory by the store that owns the file.

People are thousands where shifts are hundreds of thousands, and hardly a batch is without them.
"""

from collections.abc import Iterable, Mapping

from core.model import role_key
from core.ports import Person, RosterEntry


class Roster:
    """The committed roster in load order. `numbers`: of its rows in the file, by id; `ids` by number;
    `phones`: ids; `opted_out`: phones, whoever has them.
    """

    def __init__(self, rows: Iterable[tuple[int, RosterEntry]], opted_out: Iterable[str]) -> None:
        numbered = {entry.id: (number, entry) for number, entry in rows}
        self.entries: dict[str, RosterEntry] = {}
        self.numbers: dict[str, int] = {}
        self.ids: dict[int, str] = {}
        self.phones: dict[str, str] = {}
        self.opted_out = set(opted_out)
        self._by_role: dict[str, tuple[str, ...]] = {}
        self.update(
            {caregiver_id: entry for caregiver_id, (_, entry) in numbered.items()},
            {caregiver_id: number for caregiver_id, (number, _) in numbered.items()},
        )

    def update(self, changed: Mapping[str, RosterEntry], numbers: Mapping[str, int]) -> None:
        """Takes over what has been committed; `numbers` are those of the newcomers."""
        for caregiver_id in changed.keys() & self.entries.keys():
            self.phones.pop(self.entries[caregiver_id].phone, None)
        moved = any(self._role(entry.id) != entry.role for entry in changed.values())
        self.entries.update(changed)
        self.numbers.update(numbers)
        self.ids.update((number, caregiver_id) for caregiver_id, number in numbers.items())
        self.phones.update((entry.phone, entry.id) for entry in changed.values())
        if moved:
            self._by_role = {}

    def saw_consents(self, consents: Mapping[str, bool]) -> None:
        """Takes over what has been committed."""
        for phone, opted_out in consents.items():
            (self.opted_out.add if opted_out else self.opted_out.discard)(phone)

    def _role(self, caregiver_id: str) -> str | None:
        known = self.entries.get(caregiver_id)
        return known.role if known else None

    def find(self, person: Person) -> str | None:
        """Their id, if they are on the roster."""
        if person.by == "phone":
            return self.phones.get(person.key)
        return person.key if person.key in self.entries else None

    def find_all(self, people: Iterable[Person]) -> set[str]:
        """The ids of those of them who are on the roster."""
        return {found for person in people if (found := self.find(person)) is not None}

    def of_role(self, role: str) -> tuple[str, ...]:
        """The ids of those with the role, in load order."""
        if not self._by_role:
            by_role: dict[str, list[str]] = {}
            for entry in self.entries.values():
                by_role.setdefault(role_key(entry.role), []).append(entry.id)
            self._by_role = {name: tuple(ids) for name, ids in by_role.items()}
        return self._by_role.get(role_key(role), ())
