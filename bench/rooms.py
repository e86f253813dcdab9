"""Rooms while the register grows (RM-3): which are free, booking one, the week's board; against OCA and bare SQL.

200 rooms with opening hours, and 1,000, 100,000 and 1,000,000 bookings; other sizes: ``./dev bench rooms -s 1000``.
The peer is OCA's `resource_booking`, on a database of its own in the same run, with the same rooms and bookings. The
week that is asked about holds the same thousand bookings at every size, so that growth alone is measured; the full week
after it (four a day in each room) is there from 100,000 on.

Left out: COMMIT, HTTP, the browser and the mail server; the peer at a million, where filling and looping take minutes.
Nothing that OCA has answers “which rooms are free”: the loop over its `is_available` is ours.
"""

import json
from datetime import datetime, timedelta
from random import Random

from _measure import Case, table
from odoo.exceptions import ValidationError
from odoo.service.model import call_kw
from odoo.tools import json_default
from psycopg2 import connect
from pytz import utc

from devkit.benchmark import environment, peer, sizes

MONDAY = datetime(2030, 1, 7)
NOON = MONDAY + timedelta(hours=14)
HOUR = timedelta(hours=1)
ROOMS, PEER_UP_TO, RUNS = 200, 100_000, 5


def slots():
    """(number of the room, start of an hour) without end: the week, the full week after it, then the past."""
    chance = Random(19)
    for day in range(5):
        for room in range(ROOMS):
            yield room, MONDAY + timedelta(days=day, hours=chance.randrange(8, 18))
    for day in (*range(7, 14), *range(-1, -100_000, -1)):
        for room in range(ROOMS):
            for hour in chance.sample(range(8, 18), 4):
                yield room, MONDAY + timedelta(days=day, hours=hour)


def batches(wanted, present, portion=50_000):
    """What is missing of ``wanted`` slots, as columns (rooms, starts)."""
    supply = slots()
    for _number in range(present):
        next(supply)
    while present < wanted:
        count = min(portion, wanted - present)
        yield zip(*(next(supply) for _number in range(count)), strict=True)
        present += count


def settle(env, *tables):
    """Commit, and let PostgreSQL gather its statistics, as it does by itself in a database that lives."""
    env.cr.commit()
    connection = connect(env.cr._cnx.dsn)
    connection.autocommit = True
    with connection.cursor() as cr:
        for name in tables:
            cr.execute(f"VACUUM (ANALYZE) {name}")
    connection.close()


def people(env, number, group):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Person {count}",
                    "login": f"person{count}",
                    "email": f"p{count}@x.example",
                    "tz": "UTC",
                    "group_ids": [(6, 0, (env.ref("base.group_user") | env.ref(group)).ids)],
                }
                for count in range(number)
            ]
        )
    )


def office(env):
    """Monday to Sunday, 8 to 18."""
    return env["resource.calendar"].create(
        {
            "name": "Bench",
            "tz": "UTC",
            "attendance_ids": [
                (0, 0, {"name": day, "dayofweek": day, "hour_from": 8, "hour_to": 18, "day_period": "morning"})
                for day in "0123456"
            ],
        }
    )


def asked(model, method, *arguments, **named):
    """What the browser gets: through the door of RPC, as JSON."""
    return json.dumps(call_kw(model, method, list(arguments), named), default=json_default)


class Ours:
    def __init__(self, env):
        chance = Random(7)
        self.env, self.number = env, 0
        self.location = env["meeting.location"].create({"name": "Bench", "tz": "UTC"})
        env["meeting.room"].search([]).active = False
        self.features = env["meeting.room.feature"].create([{"name": f"Bench {count}"} for count in range(4)])
        hours = office(env)
        self.rooms = env["meeting.room"].create(
            [
                {
                    "name": f"Room {count}",
                    "location_id": self.location.id,
                    "capacity": chance.randint(4, 30),
                    "feature_ids": [(6, 0, chance.sample(self.features.ids, 2))],
                    "opening_calendar_id": hours.id,
                }
                for count in range(ROOMS)
            ]
        )
        users = people(env, 13, "base.group_user")
        self.users, manager = users[:12], users[12:]
        manager.group_ids |= env.ref("meeting_management.group_room_manager")
        self.guarded = self.rooms[1]
        self.guarded.write({"needs_approval": True, "manager_ids": [(6, 0, manager.ids)]})
        said = {"lang": "en_US", "tz": "UTC"}  # as the browser says with every call
        self.mine, self.keeper = env(user=self.users[0], context=said), env(user=manager, context=said)
        self.request = self.mine["meeting.booking"].create(
            {"name": "Asked", "room_id": self.guarded.id, "start": self.free(1), "stop": self.free(1) + HOUR}
        )
        env.cr.commit()

    @staticmethod
    def free(offset=0):
        """An hour of the Saturday in the week, which nobody has."""
        return MONDAY + timedelta(days=5, hours=9 + offset)

    def fill(self, wanted):
        for rooms, starts in batches(wanted, self.number):
            self.env.cr.execute(
                """INSERT INTO meeting_booking (name, state, room_id, location_id, company_id, user_id, start, stop,
                                                hold_start, hold_stop)
                   SELECT 'Busy', 'confirmed', (%s)[room + 1], %s, %s, %s, moment, moment + interval '1 hour', moment,
                          moment + interval '1 hour'
                     FROM unnest(%s::int[], %s::timestamp[]) AS slot(room, moment)""",
                (
                    *(self.rooms.ids, self.location.id, self.env.company.id, self.users[1].id),
                    *(list(rooms), list(starts)),
                ),
            )
        self.number = wanted
        settle(self.env, "meeting_booking")

    def bare_free(self):
        self.env.cr.execute(
            "SELECT id FROM meeting_room WHERE active AND id NOT IN (SELECT room_id FROM meeting_booking "
            "WHERE state IN ('held', 'confirmed', 'checked_in', 'finished') "
            "AND tsrange(hold_start, hold_stop) && tsrange(%s, %s))",
            (NOON, NOON + HOUR),
        )
        return self.env.cr.fetchall()

    def bare_confirm(self):
        start = self.free()
        self.env.cr.execute("SELECT id FROM meeting_room WHERE id = %s FOR NO KEY UPDATE", (self.rooms[0].id,))
        self.env.cr.execute(
            """INSERT INTO meeting_booking
                   (name, state, room_id, location_id, company_id, start, stop, hold_start, hold_stop)
               VALUES ('Bare', 'confirmed', %s, %s, %s, %s, %s, %s, %s)""",
            (
                *(self.rooms[0].id, self.location.id, self.env.company.id),
                *(start, start + HOUR, start, start + HOUR),
            ),
        )

    def bare_week(self, since=MONDAY):
        self.env.cr.execute(
            "SELECT id, name, room_id, state, start, stop, user_id FROM meeting_booking "
            "WHERE state IN ('held', 'confirmed', 'checked_in', 'finished') "
            "AND tsrange(hold_start, hold_stop) && tsrange(%s, %s)",
            (since, since + timedelta(days=7)),
        )
        return self.env.cr.fetchall()

    def find(self, **criteria):
        usual = {"people": 12, "minutes": 60, "day": "2030-01-07", "part": "exact", "at": "14:00"}
        return asked(self.mine["meeting.room.finder"], "find", {**usual, **criteria})

    def book(self):
        start = self.free()
        asked(self.mine["meeting.room.finder"], "book", [self.rooms[0].id], str(start), str(start + HOUR), "Ours", 4)

    def refused(self):
        start = self.taken.start
        try:
            with self.env.cr.savepoint(flush=False):
                values = {"name": "Late", "room_id": self.taken.room_id.id, "start": start, "stop": start + HOUR}
                self.mine["meeting.booking"].create(values)
        except ValidationError:
            self.mine.transaction.clear()
        else:
            raise SystemExit("a room was had twice")

    def confirm(self):
        asked(self.keeper["meeting.booking"], "action_confirm", self.request.ids)

    def board(self, day="2030-01-07", days=7):
        return asked(self.mine["meeting.room.board"], "get", day, days)

    def cases(self):
        self.taken = self.env["meeting.booking"].search(
            [("start", ">=", MONDAY), ("room_id.needs_approval", "=", False)], order="start, id", limit=1
        )
        free, slots_, confirm, book, week = PEER_FREE, PEER_SLOTS, PEER_CONFIRM, PEER_BOOK, PEER_WEEK
        plan = [
            ("bare SQL: free rooms of one hour", self.bare_free, "", ""),
            (
                "ours: every refusal of every room, one hour",
                lambda: self.rooms.with_env(self.mine)._refusals_by_room(NOON, NOON + HOUR, 12),
                BARE_FREE,
                free,
            ),
            ("ours: finder, one hour", self.find, BARE_FREE, free),
            ("ours: finder, an afternoon", lambda: self.find(part="afternoon"), BARE_FREE, slots_),
            (
                "ours: finder, an afternoon and 12 people's time",
                lambda: self.find(part="afternoon", partners=self.users.partner_id.ids),
                BARE_FREE,
                "",
            ),
            ("ours: finder, nothing fits, alternatives", lambda: self.find(people=200), BARE_FREE, ""),
            ("bare SQL: lock and insert", self.bare_confirm, "", ""),
            ("ours: book and confirm, finder's button", self.book, BARE_CONFIRM, book),
            ("ours: manager confirms a request", self.confirm, BARE_CONFIRM, confirm),
            ("ours: refused, with offers", self.refused, BARE_CONFIRM, ""),
            ("bare SQL: bookings of the week", self.bare_week, "", ""),
            ("ours: board of the week", self.board, BARE_WEEK, week),
        ]
        if self.number >= 10_000:
            full = MONDAY + timedelta(days=7)
            plan += [
                ("bare SQL: bookings of a full week", lambda: self.bare_week(full), "", ""),
                (
                    "ours: board of a full week",
                    lambda: self.board("2030-01-14"),
                    "bare SQL: bookings of a full week",
                    PEER_FULL,
                ),
            ]
        return [Case(name, self.env, work, bare, peer_) for name, work, bare, peer_ in plan]


BARE_FREE, BARE_CONFIRM = "bare SQL: free rooms of one hour", "bare SQL: lock and insert"
BARE_WEEK = "bare SQL: bookings of the week"
PEER_FREE = "OCA: is_available of each room, one hour"
PEER_SLOTS = "OCA: slots in any room, one day"
PEER_BOOK, PEER_CONFIRM = "OCA: book a fixed room and confirm", "OCA: confirm a scheduled booking"
PEER_WEEK, PEER_FULL = "OCA: bookings of the week, calendar view", "OCA: bookings of a full week, calendar view"


class Peer:
    """OCA's resource_booking: a room is a material resource, alone in its combination."""

    def __init__(self, env):
        self.env, self.number = env, 0
        hours = office(env)
        self.resources = env["resource.resource"].create(
            [
                {"name": f"Room {count}", "calendar_id": hours.id, "resource_type": "material", "tz": "UTC"}
                for count in range(ROOMS)
            ]
        )
        self.combinations = env["resource.booking.combination"].create(
            [{"resource_ids": [(6, 0, resource.ids)]} for resource in self.resources]
        )
        self.kind = env["resource.booking.type"].create(
            {
                "name": "Bench",
                "resource_calendar_id": hours.id,
                "duration": 1,
                "combination_rel_ids": [(0, 0, {"combination_id": each.id}) for each in self.combinations],
            }
        )
        self.users = people(env, 2, "resource_booking.group_manager")  # a plain user does not see who else booked
        self.mine = env(user=self.users[0], context={"lang": "en_US", "tz": "UTC"})
        self.scheduled = self.booked()
        env.cr.commit()

    def booked(self, offset=1):
        return self.mine["resource.booking"].create(
            {
                "name": "Booked",
                "type_id": self.kind.id,
                "partner_ids": [(6, 0, self.users[0].partner_id.ids)],
                "combination_id": self.combinations[0].id,
                "combination_auto_assign": False,
                "start": Ours.free(offset),
                "duration": 1,
            }
        )

    def fill(self, wanted):
        partner, user = self.users[1].partner_id.id, self.users[1].id
        for rooms, starts in batches(wanted, self.number):
            self.env.cr.execute(
                """WITH slot AS (SELECT row_number() OVER () AS place, room, moment
                                   FROM unnest(%s::int[], %s::timestamp[]) AS slot(room, moment)),
                     event AS (INSERT INTO calendar_event (name, start, stop, duration, allday, active, show_as,
                                                           user_id)
                        SELECT 'Busy', moment, moment + interval '1 hour', 1, false, true, 'busy', %s
                          FROM slot ORDER BY place RETURNING id),
                     numbered AS (SELECT row_number() OVER (ORDER BY id) AS place, id FROM event),
                     booking AS (INSERT INTO resource_booking (name, type_id, combination_id, combination_auto_assign,
                                        meeting_id, start, stop, duration, state, active, user_id)
                        SELECT 'Busy', %s, (%s)[room + 1], false, numbered.id, moment, moment + interval '1 hour', 1,
                               'confirmed', true, %s
                          FROM slot JOIN numbered USING (place) RETURNING id),
                     attending AS (INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)
                        SELECT id, %s FROM event)
                INSERT INTO res_partner_resource_booking_rel (resource_booking_id, res_partner_id)
                SELECT id, %s FROM booking""",
                (
                    *(list(rooms), list(starts), user),
                    *(self.kind.id, self.combinations.ids, user, partner, partner),
                ),
            )
        self.number = wanted
        settle(self.env, "calendar_event", "resource_booking", "calendar_event_res_partner_rel")

    def loop(self):
        start = utc.localize(NOON)
        resources = self.resources.with_env(self.mine)
        return [resource.id for resource in resources if resource.is_available(start, start + HOUR)]

    def slots(self):
        """Of a booking that is not scheduled yet, in any room of its type."""
        day = utc.localize(MONDAY)
        booking = self.mine["resource.booking"].new({"type_id": self.kind.id, "duration": 1})
        return booking._get_available_slots(day, day + timedelta(days=1))

    def week(self, since=MONDAY):
        """As its calendar view asks."""
        domain = [("start", "<=", str(since + timedelta(days=7))), ("stop", ">=", str(since))]
        shown = [
            *("display_name", "start", "stop", "duration", "name", "partner_ids", "type_id", "combination_id"),
            "description",
        ]
        return asked(self.mine["resource.booking"], "search_read", domain, shown)

    def cases(self):
        plan = [
            (PEER_FREE, self.loop, BARE_FREE),
            (PEER_SLOTS, self.slots, BARE_FREE),
            (PEER_BOOK, lambda: self.booked(3).action_confirm(), BARE_CONFIRM),
            (PEER_CONFIRM, lambda: self.scheduled.action_confirm(), BARE_CONFIRM),
            (PEER_WEEK, self.week, BARE_WEEK),
        ]
        if self.number >= 10_000:
            plan.append((PEER_FULL, lambda: self.week(MONDAY + timedelta(days=7)), "bare SQL: bookings of a full week"))
        return [Case(name, self.env, work, bare) for name, work, bare in plan]


def growth(found):
    """How much slower each case is with the most bookings than with the fewest."""
    few, many = min(found), max(found)
    if few == many:
        return
    print(f"\n{'with ' + format(many, ',') + ' bookings against ' + format(few, ','):52} {'times':>9}")
    for name, moment in found[few].items():
        if name in found[many]:
            print(f"{name:52} {found[many][name] / moment:8.2f}×")


def main():
    found = {}
    with environment() as env:
        ours, theirs = Ours(env), None
        if peer():
            with environment(database=peer()) as other:
                theirs = Peer(other)
                measure(ours, theirs, found)
        else:
            print("\nThe peer could not be fetched: measured without it.")
            measure(ours, theirs, found)
    growth(found)


def measure(ours, theirs, found):
    for number in sorted(sizes(1_000, 100_000, 1_000_000)):
        ours.fill(number)
        cases = ours.cases()
        if theirs and number <= PEER_UP_TO:
            theirs.fill(number)
            free = len(ours.bare_free()), len(theirs.loop())
            if free[0] != free[1]:
                raise SystemExit(f"{free[0]} rooms are free with us and {free[1]} with the peer")
            cases += theirs.cases()
        elif theirs:
            print(f"\nwithout the peer, which is measured up to {PEER_UP_TO:,} bookings")
        found[number] = table(f"{ROOMS} rooms, {number:,} bookings", cases, RUNS)


if __name__ == "__main__":
    main()
