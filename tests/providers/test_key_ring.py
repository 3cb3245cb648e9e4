"""What services keep open for keys that anybody may bring."""

from dataclasses import dataclass, field

from providers.key_ring import KeyRing
from providers.service import Account, Whose


@dataclass
class Opened:
    account: Account
    closed: list[str] = field(default_factory=list)

    async def close(self) -> None:
        self.closed.append(self.account.key)


async def test_a_key_has_one_of_each_owner_and_the_oldest_are_let_go() -> None:
    made: list[Opened] = []

    def make(account: Account) -> Opened:
        made.append(Opened(account))
        return made[-1]

    ring: KeyRing[Account, Opened] = KeyRing(make)
    first = ring.of(Account("one", Whose.USER))
    assert ring.of(Account("one", Whose.USER)) is first
    assert ring.of(Account("one", Whose.COMPANY)) is not first
    for number in range(400):
        ring.of(Account(str(number), Whose.USER))
        assert ring.of(Account("one", Whose.USER)) is first  # used all the time
    assert len(made) == 402
    await ring.close()
    assert sum(bool(each.closed) for each in made) == 256
