"""Small years, and right calendars of them by a plain greedy of the tests' own, for the checker's tests to spoil."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import holidays as public

from matcher.check.calendar import YearWorld, read_year

PLACES = {"2750": (55.7314, 12.3633), "2740": (55.7470, 12.3970), "3500": (55.7720, 12.3640), "8000": (56.1567, 10.2108)}
NEAR = ("2750", "2740", "3500")
PROGRAMMES = ("voksenven", "storebror", "familieven")
TOGETHER = (("voksenven+storebror+familieven",), ("voksenven+storebror", "familieven"), ("storebror", "voksenven", "familieven"))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("morning", "afternoon", "evening")
EVENINGS = tuple(f"{day}_evening" for day in DAYS)
LEVELS = ("unmet", "meetings", "changes", "travel_minutes", "load_spread")

Row = dict[str, Any]
Case = dict[str, Any]
Plan = dict[str, Any]


def volunteer(volunteer_id: str, **facts: Any) -> Row:
    """A woman who drives and lives in Ballerup; ``facts`` replace or add columns."""
    return {
        "volunteer_id": volunteer_id,
        "programmes": ("voksenven",),
        "birth_date": date(1990, 1, 1),
        "gender": "woman",
        "postcode": "2750",
        "transport": "car",
        "availability": (),
        "paused_from": None,
        "paused_until": None,
        "stops_on": None,
        **facts,
    }


def friendship(friendship_id: str, volunteer_id: str, started_on: date, **facts: Any) -> Row:
    """A friendship of a voksenven; ``facts`` replace or add columns."""
    known = {"friendship_id": friendship_id, "child_id": f"B-{friendship_id}", "volunteer_id": volunteer_id}
    return {**known, "programme": "voksenven", "started_on": started_on, "ended_on": None, **facts}


def lead(matcher_id: str, **facts: Any) -> Row:
    """A matcher of all programmes, free every evening."""
    return {"matcher_id": matcher_id, "postcode": "2750", "availability": (), "absent": (), **facts}


def venue(venue_id: str, **facts: Any) -> Row:
    """A venue in Ballerup for twelve, free every evening."""
    return {"venue_id": venue_id, "postcode": "2750", "capacity": 12, "availability": (), "closed": (), **facts}


def meeting(meeting_id: str, day: date, volunteers: tuple[str, ...] = (), **facts: Any) -> Row:
    """A listed meeting of everybody in the evening, at S1 under M1."""
    where = {"slot": f"{DAYS[day.weekday()]}_evening", "venue_id": "S1", "matcher_id": "M1", "programme": PROGRAMMES}
    return {"meeting_id": meeting_id, "date": day, **where, "group": "", "pinned": False, "volunteers": volunteers, **facts}


def case_of(planning_date: date, volunteers: list[Row], friendships: list[Row], **tables: Any) -> Case:
    """A case with one matcher and one venue, where nothing else is said."""
    usual: Case = {"matchers": (lead("M1"),), "venues": (venue("S1"),), "meetings": (), "closures": ()}
    people = {"volunteers": tuple(volunteers), "friendships": tuple(friendships), "children": ()}
    return {"planning_date": planning_date, **people, **usual, **tables}


def danish(year: int) -> list[date]:
    """The public holidays of a year as the package knows them."""
    return sorted(public.country_holidays("DK", years=year))


def world_of(
    case: Case, settings: dict[str, object] | None = None, year: int = 2027, told: list[date] | None = None
) -> YearWorld:
    """The checker's world of a year."""
    return read_year(case, settings or {}, PLACES, year, danish(year) if told is None else told)


def slots_on(day: date) -> list[str]:
    return [f"{DAYS[day.weekday()]}_{part}" for part in PARTS]


def all_days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(1)


# A random year


def random_year(rng: random.Random) -> tuple[Case, dict[str, object], int]:
    """A case, its settings and the year: friendships along the way, facts and pinned meetings that break rules by themselves."""
    year = rng.choice((2024, 2026, 2027, 2028))
    today = rng.choice((date(year - 1, 10, 1), date(year - 1, 12, 15), date(year, 3, 8), date(year, 5, 20)))
    settings: dict[str, object] = {"together": rng.choice(TOGETHER)}
    volunteers, bonds = _people(rng, year, today)
    matchers = tuple(_random_lead(rng, n, year) for n in range(1, rng.randint(3, 5)))
    venues = tuple(_random_venue(rng, n, year) for n in range(1, rng.randint(3, 5)))
    autumn = date(year, 10, 11)
    case = case_of(today, volunteers, bonds, matchers=matchers, venues=venues)
    case["closures"] = ({"from": autumn, "to": autumn + timedelta(rng.randint(0, 13)), "what": "break"},)
    case["meetings"] = tuple(_listed(rng, case, year))
    return case, settings, year


def _people(rng: random.Random, year: int, today: date) -> tuple[list[Row], list[Row]]:
    volunteers, bonds = [], []
    for n in range(1, rng.randint(14, 30)):
        name, bond = f"F{n:02}", f"V{n:02}"
        spells: Row = {}
        if rng.random() < 0.2:
            first = date(year, rng.randint(1, 11), rng.randint(1, 28))
            spells = {"paused_from": rng.choice((first, None)), "paused_until": rng.choice((first + timedelta(40), None))}
        if rng.random() < 0.1:
            spells["stops_on"] = date(year, rng.randint(6, 12), 28)
        free = rng.choice(((), (), tuple(rng.sample(EVENINGS, 5)), (*EVENINGS, "sat_morning")))
        where: Row = {"postcode": rng.choice(NEAR), "transport": rng.choice(("car", "bike", "public"))}
        if rng.random() < 0.05:
            where = {"postcode": rng.choice(("8000", "9999"))}
        volunteers.append(volunteer(name, availability=free, **where, **spells))
        started_on = date(year - 1, 1, 1) + timedelta(rng.randint(20, 690))
        ended_on = max(started_on, today) + timedelta(rng.randint(-40, 200)) if rng.random() < 0.15 else None
        ends = None if ended_on is None else max(started_on, ended_on)
        bonds.append(friendship(bond, name, started_on, programme=rng.choice(PROGRAMMES), ended_on=ends))
        if rng.random() < 0.15:
            later = started_on + timedelta(rng.choice((0, 30, -300)))
            bonds.append(friendship(f"U{n:02}", name, later, programme=rng.choice(PROGRAMMES)))
    rng.shuffle(bonds)
    return volunteers, bonds


def _random_lead(rng: random.Random, n: int, year: int) -> Row:
    away = date(year, rng.randint(1, 12), 5)
    facts: Row = {"absent": ((away, away + timedelta(20)),), "availability": rng.choice(((), (*EVENINGS, "sat_morning")))}
    if n > 1:
        facts["programmes"] = rng.choice((PROGRAMMES, (), PROGRAMMES[:2], PROGRAMMES[2:]))
        facts["availability"] = rng.choice(((), tuple(rng.sample(EVENINGS, 4)), ("mon_morning",)))
    if rng.random() < 0.5:
        facts["max_meetings_per_month"] = rng.randint(1, 3)
    return lead(f"M{n}", **facts)


def _random_venue(rng: random.Random, n: int, year: int) -> Row:
    shut = date(year, rng.randint(1, 12), 3)
    facts: Row = {"postcode": rng.choice(NEAR), "closed": ((shut, shut + timedelta(14)),)}
    facts["availability"] = rng.choice(((), tuple(rng.sample(EVENINGS, 5)), (*EVENINGS, "sat_morning")))
    return venue(f"S{n}", capacity=rng.choice((5, 8, 12, 30)), **facts)


def _listed(rng: random.Random, case: Case, year: int) -> Iterator[Row]:
    """Facts, pinned meetings and free ones, at most one of them a day; whoever happens to come is listed."""
    names = [v["volunteer_id"] for v in case["volunteers"]]
    days = rng.sample([date(year - 1, 12, 14), date(year + 1, 1, 12), *list(all_days(year))[::9]], rng.randint(3, 8))
    for n, day in enumerate(days):
        people = tuple(sorted(rng.sample(names, rng.choice((0, 2, 5, 11)))))
        where = {"venue_id": f"S{rng.randint(1, 2)}", "matcher_id": f"M{rng.randint(1, 2)}", "slot": rng.choice(slots_on(day))}
        group, pinned = rng.choice(("", "G1", "old")), rng.random() < 0.7
        programme = tuple(rng.sample(PROGRAMMES, rng.randint(1, 3)))
        yield meeting(f"K{n}", day, people, group=group, pinned=pinned, programme=programme, **where)


# A right calendar


def first_years(case: Case, year: int) -> dict[str, Row]:
    """The friendship that counts, by volunteer."""
    found: dict[str, Row] = {}
    for bond in sorted(case["friendships"], key=lambda b: (b["started_on"], b["friendship_id"])):
        alive = bond["ended_on"] is None or bond["ended_on"] > case["planning_date"]
        if alive and date(year - 1, 1, 2) <= bond["started_on"] <= date(year, 12, 31):
            found.setdefault(bond["volunteer_id"], bond)
    return found


def a_year_on(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 3, 1) if leap_day else day.replace(year=day.year + 1)


def owed(bond: Row, year: int) -> tuple[int, int]:
    """Least and most meetings, by counting the days of the first year one by one."""
    first = bond["started_on"]
    days = [day for n in range(366) if (day := first + timedelta(n)) < a_year_on(first)]
    gone = [
        sum(day < min(new_year, bond["ended_on"] or new_year) for day in days)
        for new_year in (date(year, 1, 1), date(year + 1, 1, 1))
    ]
    least, most = (int(n * gone[1] / len(days) + 0.5) - int(n * gone[0] / len(days) + 0.5) for n in (4, 6))
    return min(least, most), most


class Greedy:
    """Fills meetings from January to December with whoever can come; never looks back."""

    def __init__(self, case: Case, settings: dict[str, object], year: int, rng: random.Random) -> None:
        self.case, self.year, self.rng, self.start = case, year, rng, case["planning_date"]
        self.sets = [tuple(item.split("+")) for item in settings["together"]]  # type: ignore[attr-defined]
        self.world = world_of(case, settings, year)  # for its minutes only
        self.bonds = first_years(case, year)
        self.owed = {v: owed(bond, year) for v, bond in self.bonds.items()}
        self.people = {v["volunteer_id"]: v for v in case["volunteers"]}
        self.rows: list[Row] = []
        self.seen: dict[str, list[date]] = defaultdict(list)
        self.shut = set(danish(year)) | {date(year, 6, 5), date(year, 12, 24), date(year, 12, 31)}
        for row in case["closures"]:
            self.shut |= {row["from"] + timedelta(n) for n in range((row["to"] - row["from"]).days + 1)}

    def plan(self) -> Plan:
        for row in self.case["meetings"]:
            if row["date"] < self.start or row["pinned"]:
                for v in row["volunteers"]:
                    self.seen[v].append(row["date"])
                if row["date"].year == self.year:
                    self.rows.append({**{k: x for k, x in row.items() if k != "pinned"}, "group": row["group"] or "G1"})
        for row in [r for r in self.rows if r["date"] >= self.start and self.open(r["date"])]:
            self._join(row)
        for day in list(all_days(self.year))[self.rng.randrange(3) :: 3]:
            if self.open(day):
                self._fill(day)
        return self._account()

    def open(self, day: date) -> bool:
        return day >= self.start and day.month != 7 and day not in self.shut

    def can(self, v: str, day: date, slot: str, place: str, programmes: tuple[str, ...]) -> bool:
        person, bond, way = self.people[v], self.bonds[v], self.world.minutes(v, place)
        begin, end, stop = person["paused_from"], person["paused_until"], person["stops_on"]
        paused = (begin or end) and (begin or date.min) <= day <= (end or date.max)
        inside = bond["started_on"] <= day < a_year_on(bond["started_on"])
        near = way is not None and way < 59.9 and bond["programme"] in programmes
        return bool(inside and near and not paused and (not stop or day <= stop) and slot in (person["availability"] or EVENINGS))

    def ready(self, v: str, day: date) -> bool:
        had = sum(d.year == self.year for d in self.seen[v])
        return had < self.owed[v][1] and all(abs((d - day).days) >= 28 for d in self.seen[v])

    def wanting(self, v: str) -> bool:
        return sum(d.year == self.year for d in self.seen[v]) < self.owed[v][0]

    def _join(self, row: Row) -> None:
        hall = next(s for s in self.case["venues"] if s["venue_id"] == row["venue_id"])
        for v in sorted(self.bonds):
            room = len(row["volunteers"]) < min(10, hall["capacity"]) and v not in row["volunteers"]
            if room and self.ready(v, row["date"]) and self.can(v, row["date"], row["slot"], row["venue_id"], row["programme"]):
                row["volunteers"] = tuple(sorted((*row["volunteers"], v)))
                self.seen[v].append(row["date"])

    def _fill(self, day: date) -> None:
        for slot in slots_on(day):
            for hall in self.case["venues"]:
                for programmes in self.sets:
                    who = self._leader(day, slot, programmes)
                    free = self._free(hall, day, slot, "closed")
                    busy = any(r["venue_id"] == hall["venue_id"] and (r["date"], r["slot"]) == (day, slot) for r in self.rows)
                    if who is None or busy or not free:
                        continue
                    come = [v for v in self.bonds if self.ready(v, day) and self.can(v, day, slot, hall["venue_id"], programmes)]
                    come = sorted(come, key=lambda v: (not self.wanting(v), v))[: min(10, hall["capacity"])]
                    if len(come) >= 4 and self.wanting(come[0]):
                        self._hold(day, slot, hall["venue_id"], who, programmes, come)

    def _free(self, row: Row, day: date, slot: str, away: str) -> bool:
        return slot in (row["availability"] or EVENINGS) and not any(a <= day <= b for a, b in row[away])

    def _leader(self, day: date, slot: str, programmes: tuple[str, ...]) -> str | None:
        for row in self.case["matchers"]:
            led = [r["date"] for r in self.rows if r["matcher_id"] == row["matcher_id"]]
            month = sum(d.month == day.month for d in led)
            able = {*programmes} <= {*(row.get("programmes") or PROGRAMMES)} and self._free(row, day, slot, "absent")
            if able and day not in led and month < row.get("max_meetings_per_month", 4):
                return str(row["matcher_id"])
        return None

    def _hold(self, day: date, slot: str, place: str, who: str, programmes: tuple[str, ...], come: list[str]) -> None:
        for v in come:
            self.seen[v].append(day)
        name = f"N{len(self.rows):03}"
        facts = {"slot": slot, "venue_id": place, "matcher_id": who, "programme": programmes}
        self.rows.append({"meeting_id": name, "date": day, **facts, "group": "G1", "volunteers": tuple(sorted(come))})

    def _account(self) -> Plan:
        names, homes = sorted(self.bonds), {}
        for n, v in enumerate(names):
            group = 1 + n * -(-len(names) // 10) // max(1, len(names))
            homes[v] = (f"G{group}", f"M{1 + group % len(self.case['matchers'])}")
        kept = {r["meeting_id"]: r for r in self.case["meetings"]}
        for row in self.rows:
            if row["meeting_id"] not in kept and homes:
                row["group"] = Counter(homes[v][0] for v in row["volunteers"]).most_common(1)[0][0]
        plan = {"year": self.year, "meetings": sorted(self.rows, key=lambda r: str(r["meeting_id"]))}
        plan["groups"] = [{"volunteer_id": v, "group": g, "matcher_id": m} for v, (g, m) in sorted(homes.items())]
        return told_again(self.world, {**plan, "status": "feasible"}, self.owed, self.leads())

    def leads(self) -> set[str]:
        """Matchers who could lead a meeting of the year, by trying all of them."""
        led = {r["matcher_id"] for r in self.rows}
        return {m["matcher_id"] for m in self.case["matchers"] if m["matcher_id"] in led or self._could(m)}

    def _could(self, row: Row) -> bool:
        moments = [(d, s) for d in all_days(self.year) if self.open(d) for s in slots_on(d) if self._free(row, d, s, "absent")]
        sets = [p for p in self.sets if {*p} <= {*(row.get("programmes") or PROGRAMMES)}]
        halls = [hall for hall in self.case["venues"] if hall["capacity"] >= 4]
        for day, slot in moments:
            for hall in halls:
                if self._free(hall, day, slot, "closed"):
                    for programmes in sets:
                        able = [v for v in self.bonds if self.owed[v][1] and self.can(v, day, slot, hall["venue_id"], programmes)]
                        if len(able) >= 4:
                            return True
        return False


def told_again(world: YearWorld, plan: Plan, due: dict[str, tuple[int, int]], leads: set[str]) -> Plan:
    """The plan with its account: who lacks what, and the levels."""
    had = Counter(v for row in plan["meetings"] for v in row["volunteers"])
    unmet: list[Row] = [
        {"volunteer_id": v, "missing": due[v][0] - had[v], "reason": "-"} for v in sorted(due) if had[v] < due[v][0]
    ]
    homes = {row["volunteer_id"]: row for row in plan["groups"]}
    seats = [(row, v) for row in plan["meetings"] for v in row["volunteers"]]
    led = Counter(row["matcher_id"] for row in plan["meetings"])
    loads = [led[m] for m in leads] or [0]
    objective = {
        "unmet": sum(row["missing"] for row in unmet),
        "meetings": len(plan["meetings"]),
        "changes": sum(
            int(homes[v]["group"] != row["group"]) + int(homes[v]["matcher_id"] != row["matcher_id"])
            for row, v in seats
            if v in homes
        ),
        "travel_minutes": round(sum(world.minutes(v, row["venue_id"]) or 0.0 for row, v in seats), 3),
        "load_spread": max(loads) - min(loads),
    }
    return {**plan, "unmet": unmet, "objective": objective, "bound": dict(objective)}


def right_year(seed: object) -> tuple[Case, dict[str, object], int, Plan]:
    """A random year with a right calendar."""
    rng = random.Random(f"year {seed}")
    case, settings, year = random_year(rng)
    return case, settings, year, Greedy(case, settings, year, rng).plan()
