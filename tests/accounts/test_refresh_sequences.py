"""10,000 random stories of a phone on a bad network, and of a thief: no false logout, and every late reuse is caught.

A story is a list of steps: time passes, a refresh is asked for and its answer arrives, is lost, or the request is sent twice;
requests of before arrive late; and somebody uses a token that was replaced longer ago than the grace window. What must happen is
told by a model of its own, which knows when each token was replaced and nothing of how the product remembers that.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from fammo.accounts import tokens
from fammo.accounts.errors import TokenRefused
from fammo.accounts.models import Session, User
from fammo.accounts.services import sessions as services
from fammo.accounts.tokens import RefreshClaims, TokenPair

STORIES = 10_000
STEPS = 12
GRACE = 60
SEED = 20261121


class Store:
    """Sessions in memory in the place of the table: the statements of the service, as PostgreSQL would carry them out."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def filter(self, *, pk: object, refresh_jti: str | None = None, user: object = None) -> Store:
        self.matches = self.session.pk == pk and refresh_jti in {None, self.session.refresh_jti}
        return self

    def alive(self) -> Store:
        self.matches = self.matches and self.session.ended_at is None
        return self

    def update(self, **values: object) -> int:
        if self.matches:
            for name, value in values.items():
                setattr(self.session, name, value)
        return int(self.matches)


@dataclass
class Story:
    """One login: what the phone holds, and when each token was replaced (by the model's own count)."""

    chance: random.Random
    session: Session
    clock: int
    held: str
    replaced_at: dict[str, int] = field(default_factory=dict)
    successor: dict[str, str] = field(default_factory=dict)
    current: str = ""
    is_over: bool = False

    def refresh(self, jti: str) -> None:
        """One request that reaches the server; checked against the model."""
        expected = self._expected(jti)
        try:
            answer: str | None = services.refresh_tokens(refresh=jti).refresh
        except TokenRefused:
            answer = None
        if expected == "new":
            assert answer is not None, "a false logout"
            self.replaced_at[jti], self.successor[jti], self.current = self.clock, answer, answer
        elif expected == "same":
            assert answer == self.successor[jti], "within the grace window the answer is the very same"
        else:
            assert answer is None, "a late reuse that was not caught"
            assert self.session.ended_at is not None
            self.is_over = True

    def _expected(self, jti: str) -> str:
        if self.is_over:
            return "refused"
        if jti == self.current:
            return "new"
        return "same" if self.clock - self.replaced_at[jti] <= GRACE else "refused"


def steps(story: Story) -> Iterator[str]:
    for _ in range(STEPS):
        yield story.chance.choice(("wait", "wait long", "ask", "ask", "lose", "double", "reorder", "reuse late"))


def play(story: Story) -> None:
    for step in steps(story):
        asked = story.held
        if step == "wait":
            story.clock += story.chance.randrange(0, GRACE // 2)
        elif step == "wait long":
            story.clock += story.chance.randrange(GRACE + 1, 5 * GRACE) if asked == story.current else 0
        elif step == "ask":
            story.refresh(asked)
            story.held = story.current
        elif step == "lose":
            story.refresh(asked)  # the phone keeps the old token and asks again within the grace window, as phones do
            story.refresh(asked)
            story.held = story.current
        elif step == "double":
            story.refresh(asked)
            story.held = story.current
            story.refresh(asked)
        elif step == "reorder":
            story.refresh(asked)
            newer = story.current
            story.refresh(newer)
            story.refresh(asked)  # arrives after its own successor was used
            story.held = story.current
        elif step == "reuse late":
            old = [jti for jti, when in story.replaced_at.items() if story.clock - when > GRACE]
            if old and story.chance.random() < 0.3:
                story.refresh(story.chance.choice(old))
        if story.is_over:
            with pytest.raises(TokenRefused):
                services.refresh_tokens(refresh=story.current)
            return


def test_no_false_logout_and_no_late_reuse_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(SEED)
    caught = refreshed = 0
    person = User(pk=1, email="anna@fammo.example", is_active=True)
    story: Story

    def claims(encoded: str) -> RefreshClaims:
        return RefreshClaims(session_id=story.session.pk, user_id=1, jti=encoded)

    def living(claims: RefreshClaims) -> Session:
        if story.session.ended_at is not None:
            raise TokenRefused
        return story.session

    def pair(session: Session, *, jti: str, issued_at: int) -> TokenPair:
        return TokenPair(access=f"{jti} {issued_at}", refresh=jti)

    def end(session: Session) -> None:
        Store(session).filter(pk=session.pk).alive().update(ended_at=story.clock)

    # Signatures and SQL have tests of their own; 10,000 stories are about the rules between them.
    monkeypatch.setattr(tokens, "read_refresh", claims)
    monkeypatch.setattr(tokens, "mint_pair", pair)
    monkeypatch.setattr(services, "_living_session", living)
    monkeypatch.setattr(services, "_end_stolen_session", end)
    monkeypatch.setattr(services.time, "time", lambda: float(story.clock))
    for number in range(STORIES):
        session = Session(user=person, wants_rotation=True, refresh_jti=f"first of {number}")
        story = Story(chance=chance, session=session, clock=1_800_000_000, held=session.refresh_jti, current=session.refresh_jti)
        monkeypatch.setattr(services.Session, "objects", Store(session))
        play(story)
        caught += story.is_over
        refreshed += len(story.replaced_at)

    assert caught > 1000
    assert refreshed > 4 * STORIES
