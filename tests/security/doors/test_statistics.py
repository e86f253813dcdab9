"""Figures: the smallest group of one must not tell that a secret meeting was held, by whom, or how it went (CF-1)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime

from tests.security.doors.common import CLOSED_LEVELS, SecretWorld

# How often a room is taken everybody may count, as everybody sees it on its schedule (CF-5): for a closed meeting
# the room, its place and company, the times and the state of the booking; not who, how many, or what for.
OF_THE_ROOM = (
    "id room_id location_id company_id start stop hold_start hold_stop actual_start actual_stop use_hours state "
    "create_date write_date"
).split()
NUMBERS = ("integer", "float", "monetary")
# Whoever looks at a contact's calendar sees when he is busy, as with every private entry of Odoo's calendar.
OF_THE_CALENDAR = {("res.partner", "meeting_count")}


class TestStatistics(SecretWorld):
    def everything_secret(self, level):
        with self.cheap_pdf():
            meeting = self.secret_meeting(level, start=self.days_ahead(7 + CLOSED_LEVELS.index(level)))
            self.talk(meeting)
            self.remove_ex(meeting)
            self.outcome(meeting)

    def figures(self, user):
        """:return: {(model, grouped by, group): values} of all that a stranger can count"""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user, context={"lang": "en_US"})
        found = {}
        for name in sorted(self.registry):
            model = env[name]
            if name.startswith("meeting.") and not model._abstract and not model._transient and model._auto:
                if model.has_access("read"):
                    found.update(self.groups(model))
        for name in ("meeting.type", "meeting.room", "meeting.location", "res.partner", "hr.employee.public"):
            if env[name].has_access("read"):
                found.update(self.counters(env[name].search([])))
        return found

    def groups(self, model):
        fields = model.fields_get(attributes=["type", "store", "groupable", "aggregator"])
        sums = [
            f"{field}:{info['aggregator']}"
            for field, info in fields.items()
            if info.get("store") and info["type"] in NUMBERS and info.get("aggregator") and field != "id"
        ]
        by_field = [[field] for field, info in fields.items() if info.get("store") and info.get("groupable")]
        for grouping in ([], *by_field):
            if grouping and fields[grouping[0]]["type"] in ("date", "datetime"):
                grouping = [f"{grouping[0]}:day"]
            try:
                rows = model.formatted_read_group([], grouping, ["__count", *sums])
            except (AccessError, UserError, ValueError):
                continue
            for row in rows:
                key = tuple(repr(row[part]) for part in grouping)
                found = {part: value for part, value in row.items() if part == "__count" or part in sums}
                yield (model._name, *grouping, *key), found

    def counters(self, records):
        for name, field in records._fields.items():
            if field.type == "integer" and not field.store and (records._name, name) not in OF_THE_CALENDAR:
                try:
                    values = records.mapped(name)
                except (AccessError, UserError):
                    continue
                yield (records._name, name), sum(values)

    def test_figures_stand_still(self):
        """CF-1, CF-5: another closed meeting from application to corrected minutes moves no figure a stranger sees."""
        self.schedule(self.make_meeting(level="public"))
        self.deliver()
        for level in CLOSED_LEVELS:
            before = {who: self.figures(user) for who, user in self.strangers.items()}
            self.everything_secret(level)
            for who, user in self.strangers.items():
                after = self.figures(user)
                moved = {
                    key: (before[who].get(key), value)
                    for key, value in after.items()
                    if value != before[who].get(key)
                    and not self.of_the_room(key)
                    and (who, key[0]) != ("removed participant", "meeting.agreement.signature")  # his own
                }
                self.assertFalse(moved, f"{who} at level {level}")
            mine = self.figures(self.convener)
            self.assertTrue(any(key[0] == "meeting.action.item" for key in mine), "the entitled count them")

    def of_the_room(self, key):
        """Whether the figure counts bookings by what everybody sees, or by the nothing that stands in other fields."""
        nothing = ("False", "0", "(1, 'OdooBot')")  # who made it: nobody but the system
        return key[0] == "meeting.booking" and (
            len(key) == 1
            or key[1].partition(":")[0] in OF_THE_ROOM
            or key[-1] in nothing
            or "Confidential meeting" in key[-1]
        )

    def test_digest_mail(self):
        """CF-1: the periodic digest counts and quotes nothing of a closed meeting, whatever figures are switched on."""
        digest = self.env["digest.digest"].create({"name": "Digest", "periodicity": "daily"})
        digest.write({name: True for name in digest._fields if name.startswith("kpi_") and not name.endswith("_value")})
        readers = (self.outsider, self.hr, self.technician)
        before = {user: self.digest_values(digest, user) for user in readers}
        meeting = self.secret_meeting()
        self.talk(meeting)
        for user in readers:
            self.assertEqual(self.digest_values(digest, user), before[user])
        self.assertNotEqual(
            self.digest_values(digest, self.convener)["Messages Sent"], before[self.outsider]["Messages Sent"]
        )
        mails = self.env["mail.mail"].search([])
        digest.user_ids = [Command.set([user.id for user in readers])]
        digest.action_send_manual()
        sent = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(sent), len(readers))
        self.assertNotIn(self.MARK, repr(sent.mapped("body_html") + sent.mapped("subject")))

    def digest_values(self, digest, user):
        self.env.flush_all()
        self.env.invalidate_all()
        now = Datetime.now()
        figures = digest.with_user(user).with_context(
            lang="en_US", start_datetime=self.days_ahead(-2), end_datetime=self.days_ahead(2), today=now
        )
        found = {}
        for name in digest._fields:
            if name.startswith("kpi_") and name.endswith("_value"):
                label = digest._fields[name.removesuffix("_value")].string
                try:
                    found[label] = figures[name]
                except AccessError:
                    found[label] = "refused"
        return found
