"""Which saved response is current, whatever two clients send, in whatever order it arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quizapp.domain.attempt import Arrival, Held, Saved, Sitting, Stamp, Standing, current, held, judge

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLIENTS = ("phone", "laptop")


def a_saved(client: str = "phone", sequence: int = 1, standing: Standing = Standing.CURRENT) -> Saved:
    return Saved(Stamp(client, sequence), f"{client}{sequence}", standing, NOON)


def an_arrival(client: str = "phone", sequence: int = 2, base: Stamp | None = None, scripted: bool = True) -> Arrival:
    return Arrival(Stamp(client, sequence), base, scripted)


def test_the_first_response_is_current():
    assert judge(an_arrival(), Held(), counts=True) is Standing.CURRENT


def test_a_later_response_of_the_same_client_replaces_its_own_whatever_its_base():
    assert judge(an_arrival(), held([a_saved()], Stamp("phone", 2)), counts=True) is Standing.CURRENT


def test_a_lower_sequence_than_one_held_is_kept_and_not_current():
    holds = held([a_saved(sequence=5)], Stamp("phone", 2))
    assert judge(an_arrival(), holds, counts=True) is Standing.STALE


def test_another_client_may_replace_what_it_has_seen():
    holds = held([a_saved("laptop", 7)], Stamp("phone", 2))
    assert judge(an_arrival(base=Stamp("laptop", 7)), holds, counts=True) is Standing.CURRENT


def test_a_base_that_another_client_has_replaced_is_a_conflict():
    holds = held([a_saved("laptop", 7), a_saved("laptop", 8)], Stamp("phone", 2))
    assert judge(an_arrival(base=Stamp("laptop", 7)), holds, counts=True) is Standing.CONFLICT


def test_an_empty_base_in_a_slot_that_another_client_has_filled_is_a_conflict():
    assert judge(an_arrival(), held([a_saved("laptop", 7)], Stamp("phone", 2)), counts=True) is Standing.CONFLICT


def test_a_form_without_script_always_becomes_current():
    holds = held([a_saved("laptop", 7)], Stamp("server", 1))
    assert judge(an_arrival("server", 1, scripted=False), holds, counts=True) is Standing.CURRENT


def test_a_response_that_no_longer_counts_is_late():
    assert judge(an_arrival(), Held(), counts=False) is Standing.LATE


def test_late_and_conflicting_responses_are_never_the_answer():
    kept = [a_saved(), a_saved("laptop", 1, Standing.CONFLICT), a_saved("phone", 2, Standing.LATE)]
    assert current(kept) == kept[0]


def test_stamps_are_read_as_they_are_written():
    assert Stamp.parse(str(Stamp("a:b", 3))) == Stamp("a:b", 3)
    for text in ("", "phone", "phone:", ":3", "phone:x", "phone:-1", "phone:٣"):
        assert Stamp.parse(text) is None


def test_state_follows_from_facts():
    sitting = Sitting(NOON, NOON + 20 * MINUTE, grace=MINUTE)
    assert sitting.open(NOON + 21 * MINUTE)
    assert sitting.overdue(NOON + 21 * MINUTE + timedelta(seconds=1))
    assert sitting.submission_time(NOON + 3 * MINUTE) == NOON + 3 * MINUTE
    assert sitting.submission_time(NOON + 99 * MINUTE) == NOON + 20 * MINUTE
    assert sitting.seconds_left(NOON + 19 * MINUTE) == 60
    assert sitting.seconds_left(NOON + 30 * MINUTE) == 0
    assert not Sitting(NOON, None, MINUTE, submitted_at=NOON).open(NOON)


@dataclass
class Client:
    """A browser: it numbers what it sends, and knows what it last saw in the slot."""

    name: str
    sequence: int = 0
    seen: Stamp | None = None
    unsent: list[tuple[Arrival, str]] = field(default_factory=list)


class Slot(RuleBasedStateMachine):
    """Two clients write in one slot; the network delays, doubles and reorders; clients crash; time runs out."""

    def __init__(self) -> None:
        super().__init__()
        self.clients = {name: Client(name) for name in CLIENTS}
        self.kept: list[Saved] = []
        self.sent: list[tuple[Arrival, str]] = []
        self.acknowledged: dict[Stamp, tuple[str, Standing]] = {}
        self.crashes = 0
        self.counts = True

    def deliver(self, arrival: Arrival, text: str) -> Standing:
        holds = held(self.kept, arrival.stamp)
        if holds.same is None:
            standing = judge(arrival, holds, counts=self.counts)
            self.kept.append(Saved(arrival.stamp, text, standing, NOON))
        else:
            standing = holds.same.standing
        if arrival.stamp in self.acknowledged:
            assert self.acknowledged[arrival.stamp] == (text, standing), "a repeated save is answered as the first time"
        self.acknowledged[arrival.stamp] = (text, standing)
        return standing

    @rule(name=st.sampled_from(CLIENTS), text=st.text(max_size=3))
    def write(self, name: str, text: str) -> None:
        client = self.clients[name]
        client.sequence += 1
        stamp = Stamp(f"{name}-{self.crashes}", client.sequence)
        client.unsent.append((Arrival(stamp, client.seen), text))
        client.seen = stamp

    @precondition(lambda self: any(client.unsent for client in self.clients.values()))
    @rule(data=st.data(), in_order=st.booleans())
    def arrive(self, data: st.DataObject, in_order: bool) -> None:
        client = data.draw(st.sampled_from([one for one in self.clients.values() if one.unsent]))
        at = 0 if in_order else data.draw(st.integers(0, len(client.unsent) - 1))
        arrival, text = client.unsent.pop(at)
        self.sent.append((arrival, text))
        self.deliver(arrival, text)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def arrive_again(self, data: st.DataObject) -> None:
        before = list(self.kept)
        self.deliver(*data.draw(st.sampled_from(self.sent)))
        assert self.kept == before, "the same client and sequence again changes nothing"

    @rule(name=st.sampled_from(CLIENTS))
    def look(self, name: str) -> None:
        now = current(self.kept)
        self.clients[name].seen = now.stamp if now else None

    @rule(name=st.sampled_from(CLIENTS))
    def crash_and_come_back(self, name: str) -> None:
        self.crashes += 1
        client = self.clients[name]
        client.sequence, client.unsent = 0, []
        self.look(name)

    @rule(text=st.text(max_size=3))
    def send_form_without_script(self, text: str) -> None:
        standing = self.deliver(Arrival(Stamp(f"server-{len(self.kept)}", 1), None, scripted=False), text)
        assert standing is (Standing.CURRENT if self.counts else Standing.LATE)

    @rule()
    def time_runs_out(self) -> None:
        self.counts = False

    @invariant()
    def nothing_acknowledged_is_lost_or_doubled(self) -> None:
        stamps = [saved.stamp for saved in self.kept]
        assert len(stamps) == len(set(stamps))
        assert {saved.stamp: (saved.response, saved.standing) for saved in self.kept} == self.acknowledged

    @invariant()
    def the_answer_never_goes_backwards_within_a_client(self) -> None:
        ranks = [saved.stamp for saved in self.kept if saved.standing is Standing.CURRENT]
        for client in {stamp.client for stamp in ranks}:
            mine = [stamp.sequence for stamp in ranks if stamp.client == client]
            assert mine == sorted(mine)

    @invariant()
    def nobody_overwrites_what_they_have_not_seen(self) -> None:
        answer: Saved | None = None
        bases = {arrival.stamp: arrival.base for arrival, _ in self.sent}
        for saved in self.kept:
            if saved.standing is not Standing.CURRENT:
                continue
            scripted = saved.stamp in bases
            if scripted and answer is not None and answer.stamp.client != saved.stamp.client:
                assert bases[saved.stamp] == answer.stamp
            answer = saved


TestSlot = Slot.TestCase
TestSlot.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
