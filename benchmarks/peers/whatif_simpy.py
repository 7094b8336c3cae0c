"""The stream written plainly with SimPy: children, volunteers, offers, friendships and matchers are processes.

Everybody waits and answers on the very day; matchers propose and visit once a week. A frailty is drawn for each friendship,
arrivals are thinned, the week's pairs are SciPy's. Batch policies (``whatif_facts.PERIODS``) and scores alone; no locked pairs.
"""

from __future__ import annotations

import heapq
import random
from itertools import count
from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy
from scipy.optimize import linear_sum_assignment

from benchmarks.peers.whatif_facts import NEVER, PERIODS, YEAR, daily, steps
from benchmarks.peers.whatif_records import FIRST_YEAR, Bond, Child, Volunteer, Wait, metrics
from matcher.duration.hazard import DAYS_A_MONTH

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.peers.whatif_facts import Facts

    Process = Generator[simpy.Event, Any, Any]

VOLUNTEER, FAMILY, PROGRAMME, AGE = range(4)
"""Why friendships end."""
WEEKS_A_YEAR = YEAR / 7.0
AFTERWARDS = 1e-6
"""Days: matchers begin when everybody has answered who is due on the same day."""


class Branch:
    """One replication."""

    def __init__(self, facts: Facts, seed: int) -> None:
        self.facts, self.settings, self.draw = facts, facts.settings, random.Random(seed)
        self.env = simpy.Environment()
        self.waiting: dict[Child, None] = {}
        self.free: dict[Volunteer, None] = {}
        self.to_visit: list[tuple[float, int, Child | Volunteer]] = []
        self.number = count()
        self.bonds: list[Bond] = []
        self.together: dict[Bond, None] = {}
        self.open: dict[Child, None] = {}
        self.waits: list[Wait] = []
        self.left, self.contact, self.used, self.asked = 0.0, 1.0, 0.0, 0
        self.joint = facts.gate.prod(axis=1)
        self.week = self.env.event()
        self._people_of_the_case()
        self.env.process(self.arrivals(self.settings.children_per_year, self.new_child))
        self.env.process(self.arrivals(self.settings.volunteers_per_year, self.new_volunteer))
        self.env.process(self.matchers())

    def run(self) -> Branch:
        """Run to the end, with all that falls on the last day."""
        self.env.run(until=7.0 * self.facts.weeks + AFTERWARDS)
        return self

    # Who is there, and who comes.

    def _people_of_the_case(self) -> None:
        facts, now = self.facts, self.facts.ready.standing
        kids, adults = [self._child(k) for k in range(facts.here[0])], [self._volunteer(k) for k in range(facts.here[1])]
        for c, v, begun, planned, ratio in zip(
            *(getattr(now.active, name).tolist() for name in ("child", "volunteer", "begun", "planned", "ratio")), strict=True
        ):
            self._befriend(Bond(kids[c], adults[v], begun, planned, ratio, 0.0, new=False))
        asked = {int(c): (int(v), max(0.0, opened + self.settings.gate_days[0])) for c, v, opened in now.offers.tolist()}
        for c, (v, due) in asked.items():
            adults[v].offers += 1
            self.open[kids[c]] = None
            kids[c].event = self.env.process(self.offer(kids[c], adults[v], due))
        low, high = self.settings.child_visit_days
        for c, kid in enumerate(kids):
            if not kid.friends:
                kid.visited = bool(now.visited[c]) or c in asked
                self.env.process(self.waits_for_a_friend(kid, max(0.0, kid.listed + self.draw.uniform(low, high))))
        for v, adult in enumerate(adults):
            self._settle_in(adult, v, float(now.waited[v]))

    def _settle_in(self, adult: Volunteer, v: int, waited: float) -> None:
        """A volunteer of the case: who lacks papers gets them first."""
        ready, due = self.facts.ready, 0.0
        low, high = self.settings.volunteer_vetting_days
        if ready.vetted[v]:
            adult.certificate = float(ready.standing.certificate[v])
            if adult.certificate < -ready.rates.valid_days:
                adult.certificate, adult.late = -ready.rates.valid_days, True
        else:
            due = adult.certificate = self.draw.uniform(low, high)
        adult.leaves = due + self.patience(waited)
        adult.visited = bool(ready.vetted[v])
        adult.gone = not ready.able[v]
        adult.process = self.env.process(self.stays(adult, due))

    def arrivals(self, yearly: float, begin: Any) -> Process:  # noqa: ANN401  one of the two methods below
        """People who come, more in some months: of so many as in the busiest month, some are no people."""
        most = yearly / YEAR * max(self.settings.season) / (sum(self.settings.season) / 12.0)
        while most > 0.0:
            yield self.env.timeout(self.draw.expovariate(most))
            if self.draw.random() * most < self.facts.arrivals(yearly, self.env.now):
                begin()

    def new_child(self) -> None:
        """A child is put on the list today."""
        kid = self._child(self.draw.randrange(self.facts.here[0], len(self.facts.child)))
        due = self.env.now + self.draw.uniform(*self.settings.child_visit_days)
        self.env.process(self.waits_for_a_friend(kid, due))

    def new_volunteer(self) -> None:
        """A volunteer with all papers comes today."""
        adult = self._volunteer(self.draw.randrange(self.facts.here[1], len(self.facts.volunteer)))
        adult.process = self.env.process(self.stays(adult, self.env.now))

    def _child(self, kind: int) -> Child:
        now, here = self.env.now, kind < self.facts.here[0]
        return Child(
            kind=kind,
            birthday=now + self.facts.child[kind][0],
            grown=now + self.facts.grown[kind],
            outgrown=now + self.facts.outgrown[kind],
            listed=float(self.facts.ready.standing.listed[kind]) if here else now,
            gives_up=now + self.draw.expovariate(daily(self.settings.child_leaves_per_month)),
            known_broken=self.facts.ready.standing.broken[kind] != 0,
        )

    def _volunteer(self, kind: int) -> Volunteer:
        now, ready = self.env.now, self.facts.ready
        return Volunteer(
            kind=kind,
            birthday=now + self.facts.volunteer[kind][0],
            age=self.facts.volunteer[kind][1],
            capacity=int(ready.standing.capacity[kind]),
            stops=float(ready.standing.stops[kind]) if kind < self.facts.here[1] else NEVER,
            leaves=now + self.patience(0.0),
            certificate=now,
            late=self.draw.random() >= self.settings.renewed_in_time,
            calendar=int(ready.calendar[kind]),
            gone=not ready.able[kind],
        )

    def patience(self, waited: float) -> float:
        """Days that a volunteer goes on waiting: after some months they leave more often."""
        rate = daily(self.settings.volunteer_leaves_per_month)
        calm = max(0.0, self.settings.volunteer_patience_months * DAYS_A_MONTH - waited)
        days = self.draw.expovariate(rate)
        return days if days <= calm else calm + (days - calm) / self.settings.volunteer_impatience

    # How children and volunteers wait.

    def waits_for_a_friend(self, kid: Child, due: float) -> Process:
        """A child on the list, until it has a friend, or leaves or is too old."""
        env, wait = self.env, Wait(kid.listed)
        self.waits.append(wait)
        goes = env.timeout(max(0.0, min(kid.gives_up, kid.outgrown) - env.now))
        if not kid.visited:
            kid.event = env.event()
            heapq.heappush(self.to_visit, (due, next(self.number), kid))
            yield kid.event | goes
        offer = kid.event if isinstance(kid.event, simpy.Process) else None
        while offer or (kid.visited and not goes.processed):
            if offer is None:
                kid.event, self.waiting[kid] = env.event(), None
                yield kid.event | goes
                if not kid.event.triggered:
                    break
                offer = kid.event.value
            if (yield offer):
                wait.stop = env.now
                return
            offer = None
        self.waiting.pop(kid, None)
        kid.gone, wait.stop = True, max(kid.listed, env.now)

    def stays(self, adult: Volunteer, due: float) -> Process:
        """A volunteer, until nobody is a friend or asked, and patience or the last day is over."""
        env = self.env
        if not adult.visited and not adult.gone:
            adult.event = env.event()
            heapq.heappush(self.to_visit, (due, next(self.number), adult))
        self.settle(adult)
        while not adult.gone:
            left = min(adult.leaves, adult.stops) - env.now
            happens = env.event() if adult.visited else adult.event
            try:
                if left > 0.0:
                    yield happens | env.timeout(left)
                elif adult.friends + adult.offers == 0:
                    adult.gone = True
                else:
                    yield happens
            except simpy.Interrupt:
                continue
            self.settle(adult)

    def settle(self, adult: Volunteer) -> None:
        """Whether a volunteer has room for a child."""
        if adult.quits and adult.friends + adult.offers == 0:
            adult.gone = True
        if adult.visited and not (adult.gone or adult.quits) and adult.friends + adult.offers < adult.capacity:
            self.free[adult] = None
        else:
            self.free.pop(adult, None)

    def wake(self, adult: Volunteer) -> None:
        """Something has ended for a volunteer."""
        self.settle(adult)
        if adult.process is not None and adult.process.is_alive:
            adult.process.interrupt()

    # Offers and friendships.

    def offer(self, kid: Child, adult: Volunteer, first: float) -> Process:
        """Four gates one after another; whether all said yes."""
        kid.barred.add(adult)
        hours = (0.0, self.settings.hours_meeting, self.settings.hours_first_visit, 0.0)
        for gate, days in enumerate((first, *self.settings.gate_days[1:])):
            yield self.env.timeout(days)
            points = self.judged(kid, adult)
            tenths = min(1000, points // 100) if points >= 0 else 500
            if self.draw.random() >= self.facts.gate[tenths, gate] or adult.stops <= self.env.now:
                adult.offers -= 1
                del self.open[kid]
                self.wake(adult)
                return False
            self.spend(hours[gate])
        adult.offers -= 1
        del self.open[kid]
        self._begin(kid, adult)
        return True

    def judged(self, kid: Child, adult: Volunteer) -> int:
        """Thousandths of the score by which a pair answers today."""
        kinds, now = self.facts.ready.kinds, self.env.now
        row, most = kinds.row[kid.kind, adult.kind], kinds.points.shape[1] - 1
        ages = min(most, steps(now, kid.birthday)), min(most, steps(now, adult.birthday))
        return int(kinds.judged[(row, *ages)]) if row >= 0 else -1

    def _begin(self, kid: Child, adult: Volunteer) -> None:
        now, row = self.env.now, int(self.facts.ready.kinds.row[kid.kind, adult.kind])
        years = steps(now, kid.birthday), steps(now, adult.birthday)
        ratio = self.facts.ratio(row, years, adult.age, broken=kid.broken and not kid.known_broken)
        self._befriend(Bond(kid, adult, now, NEVER, ratio, 0.0, new=True))

    def _befriend(self, bond: Bond) -> None:
        """Draw how long it can last: the frailty of those that have lasted so far, then an exponential time."""
        variance = self.facts.variance
        lived = bond.ratio * self.facts.lasting.summed(self.env.now - bond.begun)
        bond.left = self.draw.expovariate(1.0) / self.draw.gammavariate(1.0 / variance, variance / (1.0 + variance * lived))
        bond.child.friends += 1
        bond.volunteer.friends += 1
        self.bonds.append(bond)
        self.together[bond] = None
        self.env.process(self.friendship(bond))

    def friendship(self, bond: Bond) -> Process:
        """A friendship: by the week in the first year, in which matchers' contacts help it, then until it ends."""
        env, lasting = self.env, self.facts.lasting
        latest = max(env.now, min(bond.child.grown, bond.volunteer.stops, bond.planned))
        while env.now < min(latest, bond.begun + FIRST_YEAR):
            until = min(7.0 * (env.now // 7.0 + 1.0), latest)
            before, pace = lasting.summed(env.now - bond.begun), bond.ratio * self.helped(self.contact)
            risk = pace * (lasting.summed(until - bond.begun) - before)
            if bond.left < risk:
                yield env.timeout(bond.begun + lasting.age_at(before + bond.left / pace) - env.now)
                return self.part(bond, self._cause())
            bond.left -= risk
            yield self.week if until < latest else env.timeout(until - env.now)
        ends = bond.begun + lasting.age_at(lasting.summed(env.now - bond.begun) + bond.left / bond.ratio)
        yield env.timeout(min(ends, latest) - env.now)
        return self.part(bond, self._cause() if ends < latest else AGE if latest == bond.child.grown else VOLUNTEER)

    def helped(self, share: float) -> float:
        """What the hazard is multiplied with, where a share of the contacts planned takes place."""
        return exp(self.facts.contact_log * (share * self.settings.contacts_first_year - self.facts.usual_contacts) / 12.0)

    def _cause(self) -> int:
        return self.draw.choices((VOLUNTEER, FAMILY, PROGRAMME), self.facts.causes)[0]

    def part(self, bond: Bond, cause: int) -> None:
        """Both may come back."""
        now, kid, adult = self.env.now, bond.child, bond.volunteer
        del self.together[bond]
        bond.ended = now
        kid.friends -= 1
        adult.friends -= 1
        if kid.friends == 0 and self.draw.random() < self.settings.child_returns[cause] and now < kid.outgrown:
            kid.listed, kid.visited, kid.broken, kid.event = now, True, True, None
            kid.gives_up = now + self.draw.expovariate(daily(self.settings.child_leaves_per_month))
            self.env.process(self.waits_for_a_friend(kid, now))
        if self.draw.random() < self.settings.volunteer_returns[cause] and adult.stops > now:
            adult.leaves = now + self.patience(0.0)
        else:
            adult.quits = True
        self.wake(adult)

    # What matchers do.

    def matchers(self) -> Process:
        """Every week: follow the friendships, propose, and visit with the hours that are left."""
        carried = self.settings.carried_weeks * float(np.mean(self.facts.budget))
        yield self.env.timeout(AFTERWARDS)
        for week, hours in enumerate(self.facts.budget):
            self.left = min(self.left, carried) + hours
            self.follow()
            if week % PERIODS[self.settings.policy] == 0:
                self.propose(week)
            self.visit()
            self.week.succeed()
            self.week = self.env.event()
            yield self.env.timeout(7.0)

    def spend(self, hours: float) -> None:
        """Hours for matching."""
        self.left -= hours
        self.used += hours

    def follow(self) -> None:
        """The first year's contacts, as many as there is room for, and a little later on."""
        first = sum(self.env.now - bond.begun < FIRST_YEAR for bond in self.together)
        wanted = first * self.settings.contacts_first_year / WEEKS_A_YEAR * self.settings.hours_contact
        self.contact = min(1.0, max(0.0, self.left / wanted)) if wanted > 0.0 else 1.0
        self.left -= wanted * self.contact
        later = (len(self.together) - first) * self.settings.hours_later_year / WEEKS_A_YEAR
        self.left -= min(max(0.0, self.left), later)

    def propose(self, week: int) -> None:
        """The week's best pairs, the best first, while there are hours; anew without those whom a limit keeps back."""
        room = self.room()
        while self.left >= self.settings.hours_proposal and self._ask_the_best(week, room):
            pass

    def _ask_the_best(self, week: int, room: list[int]) -> bool:
        """Whether a limit has kept somebody back."""
        now, kinds = self.env.now, self.facts.ready.kinds
        kids = [kid for kid in self.waiting if kinds.child_ok[kid.kind, steps(now, kid.birthday)] and self.has_room(kid, room)]
        adults = [adult for adult in self.free if self._may_be_asked(adult, week)]
        if not kids or not adults:
            return False
        row = kinds.row[np.ix_([kid.kind for kid in kids], [adult.kind for adult in adults])]
        most = kinds.points.shape[1] - 1
        ages = [np.array([min(most, steps(now, one.birthday)) for one in side]) for side in (kids, adults)]
        points, judged = (np.where(row >= 0, table[row, ages[0][:, None], ages[1]], -1) for table in (kinds.points, kinds.judged))
        gain = np.where(points > 0, self.joint[np.clip(judged // 100, 0, 1000)] * points, 0.0)
        places = {adult: j for j, adult in enumerate(adults)}
        for i, kid in enumerate(kids):
            for adult in kid.barred & places.keys():
                gain[i, places[adult]] = 0.0
        chosen, kept_back = zip(*linear_sum_assignment(gain, maximize=True), strict=True), False
        for worth, i, j in sorted(((gain[i, j], i, j) for i, j in chosen), reverse=True):
            if worth <= 0.0 or self.left < self.settings.hours_proposal:
                break
            if self.has_room(kids[i], room):
                self.ask(kids[i], adults[j])
                for k, (_, own) in enumerate(self.facts.limits):
                    room[k] -= kids[i].kind in own
            else:
                kept_back = True
        return kept_back

    def room(self) -> list[int]:
        """What matchers' limits and quotas have left, less open offers and what has begun in the days that they are for."""
        since = self.env.now - self.facts.limit_days
        taken = [*self.open, *(bond.child for bond in self.bonds if bond.new and bond.begun > since)]
        return [most - sum(kid.kind in own for kid in taken) for most, own in self.facts.limits]

    def has_room(self, kid: Child, room: list[int]) -> bool:
        """Whether no limit keeps a child from a match."""
        return all(left > 0 or kid.kind not in own for left, (_, own) in zip(room, self.facts.limits, strict=True))

    def _may_be_asked(self, adult: Volunteer, week: int) -> bool:
        """Neither past the last day, nor in a pause, nor without a valid certificate."""
        valid, renewed = self.facts.ready.rates.valid_days, self.settings.renewal_days
        if adult.stops <= self.env.now or (adult.calendar >= 0 and not self.facts.ready.kinds.weeks[adult.calendar, week]):
            return False
        return not (adult.late and (self.env.now - adult.certificate) % (valid + renewed) >= valid)

    def ask(self, kid: Child, adult: Volunteer) -> None:
        """Open an offer."""
        del self.waiting[kid]
        self.open[kid] = None
        adult.offers += 1
        self.asked += 1
        self.settle(adult)
        self.spend(self.settings.hours_proposal)
        kid.event.succeed(self.env.process(self.offer(kid, adult, self.settings.gate_days[0])))

    def visit(self) -> None:
        """Interviews and home visits, whoever has been due the longest."""
        cost = self.settings.hours_interview + self.settings.hours_home_visit
        while self.left >= cost and self.to_visit and self.to_visit[0][0] <= self.env.now:
            who = heapq.heappop(self.to_visit)[2]
            if not who.gone:
                who.visited = True
                self.spend(cost)
                who.event.succeed()


def replication(facts: Facts, seed: int) -> dict[str, float]:
    """Run one replication and measure it."""
    branch = Branch(facts, seed).run()
    return metrics(facts, branch.bonds, branch.waits, asked=branch.asked, used=branch.used)
