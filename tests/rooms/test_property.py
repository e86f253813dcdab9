"""Whatever people do in whatever order: no room is held twice, and every booking is somewhere in its life."""

from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from tests.rooms.common import RoomsCommon, hour

ROOM, SLOT, LENGTH, NUMBER = st.integers(0, 2), st.integers(0, 11), st.integers(1, 4), st.integers(0, 9)
STEPS = st.one_of(
    st.tuples(st.just("book"), ROOM, SLOT, LENGTH),
    st.tuples(st.just("book"), ROOM, SLOT, LENGTH),
    st.tuples(st.just("move"), NUMBER, ROOM, SLOT),
    st.tuples(st.just("cancel"), NUMBER),
    st.tuples(st.just("approve"), NUMBER),
    st.tuples(st.just("reject"), NUMBER),
    st.tuples(st.just("check_in"), NUMBER),
    st.tuples(st.just("block"), ROOM, SLOT),
    st.tuples(st.just("displace"), ROOM, SLOT),
    st.tuples(st.just("take"), NUMBER),
    st.tuples(st.just("open"), ROOM),
    st.tuples(st.just("wait"), st.integers(1, 6)),
    st.tuples(st.just("release")),
)


class _Undo(Exception):
    """Rolls an example back."""


class TestProperty(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.birch = cls.make_room("Birch", 12, prepare_minutes=10, clean_minutes=15)
        cls.rooms = cls.maple | cls.cedar | cls.birch
        cls.rooms.release_minutes = 20
        cls.urgent = cls.env["meeting.type"].create(
            {"name": "Crisis", "precedence_id": cls.env.ref("meeting_management.precedence_urgent").id}
        )

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(steps=st.lists(STEPS, min_size=4, max_size=14))
    def test_no_order_of_deeds_breaks_the_promise(self, steps):
        """RM-2, RM-3, RM-4, RM-14: whatever is booked, moved, decided, blocked, displaced, taken and released."""
        try:
            with self.env.cr.savepoint():
                self.now = hour(8.5)
                self.blocked = 0
                for name, *details in steps:
                    with freeze_time(self.now):
                        try:
                            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                                getattr(self, f"do_{name}")(*details)
                                self.env.flush_all()
                        except UserError:
                            pass  # refused: nothing may have changed
                        self.check_promise((name, *details))
                raise _Undo
        except _Undo:
            self.env.invalidate_all()

    # -- what is promised ---------------------------------------------------------------------------------------

    def check_promise(self, step):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT one.id, two.id FROM meeting_booking one JOIN meeting_booking two
                   ON one.id < two.id AND one.room_id = two.room_id
                  AND tsrange(one.hold_start, one.hold_stop) && tsrange(two.hold_start, two.hold_stop)
                WHERE one.state IN %s AND two.state IN %s""",
            [self.env["meeting.booking"]._holding_states] * 2,
        )
        self.assertEqual(self.env.cr.fetchall(), [], step)
        Booking = self.env["meeting.booking"]
        for booking in self.bookings():
            self.assertIn(booking.state, Booking._transitions, step)
            self.assertEqual(booking.hold_stop > booking.hold_start, True, step)
            if booking.release_at:
                self.assertIn(booking.state, ("confirmed", "held"), step)
            if booking.state == "released":
                self.assertTrue(booking.release_cause, step)
            if booking.release_cause:
                self.assertEqual(booking.state, "released", step)
            if booking.state in ("rejected",):
                self.assertTrue(booking.reason, step)
            holds = bool(booking.filtered_domain(Booking._holding_domain()))
            if holds:
                self.assertTrue(booking.room_id._refusals(booking.start, booking.stop), step)

    # -- what is done -------------------------------------------------------------------------------------------

    def bookings(self):
        return self.env["meeting.booking"].search([("room_id", "in", self.rooms.ids)], order="id")

    def one(self, number):
        found = self.bookings()
        if not found:
            raise UserError("nothing there yet")
        return found[number % len(found)]

    def slot(self, number):
        return hour(9) + timedelta(minutes=30 * number)

    def do_book(self, room, slot, length):
        start = self.slot(slot)
        self.book(self.rooms[room], start, start + timedelta(minutes=30 * length))

    def do_move(self, number, room, slot):
        booking, start = self.one(number), self.slot(slot)
        values = {"room_id": self.rooms[room].id, "start": start, "stop": start + (booking.stop - booking.start)}
        booking.with_user(self.outsider).write(values)

    def do_cancel(self, number):
        booking = self.one(number)
        if booking.meeting_id:
            booking.meeting_id.with_user(self.convener).action_cancel(reason="Off")
        else:
            booking.with_user(self.outsider).action_cancel()

    def do_approve(self, number):
        booking = self.one(number).with_user(self.room_manager)
        dialogue = booking.action_confirm()
        if dialogue:
            wizard = self.env[dialogue["res_model"]].with_user(self.room_manager).browse(dialogue["res_id"])
            wizard.reason = "Chosen"
            wizard.action_confirm()

    def do_reject(self, number):
        self.one(number).with_user(self.room_manager).action_reject(reason="No")

    def do_check_in(self, number):
        self.one(number).with_user(self.room_manager).action_check_in()

    def do_take(self, number):
        booking = self.one(number)
        booking.with_user(self.convener if booking.meeting_id else self.outsider).action_take()

    def do_block(self, room, slot):
        self.blocked += 1
        self.env["meeting.room.blocking"].create(
            {
                "room_id": self.rooms[room].id,
                "name": f"Works {self.blocked}",
                "start": self.slot(slot),
                "stop": self.slot(slot + 1),
            }
        )

    def do_displace(self, room, slot):
        meeting = self.make_meeting(type_id=self.urgent.id, start=self.slot(slot), room_id=self.rooms[room].id)
        meeting.action_submit(reason="Now")
        request = meeting._current_booking()
        if request.state == "requested":
            self.do_approve(list(self.bookings().ids).index(request.id))

    def do_open(self, room):
        one = self.rooms[room]
        one.needs_approval = not one.needs_approval

    def do_wait(self, quarters):
        self.now += timedelta(minutes=15 * quarters)

    def do_release(self):
        self.env["meeting.booking"].search([("release_at", "<=", self.now)])._release()
