"""Past meetings come in through the ordinary import screen."""

import csv
import io
import time
from pathlib import Path

import pytest
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from tests.common import MeetingCommon

ROOT = Path(__file__).resolve().parents[2]
TSC = ROOT.parent / "shared" / "data" / "tsc"
OPTIONS = {
    "has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8", "float_thousand_separator": ",",
    "float_decimal_separator": ".", "date_format": "%Y-%m-%d", "datetime_format": "%Y-%m-%d %H:%M:%S",
    "name_create_enabled_fields": {"participant_ids/partner_id": True},
}  # fmt: skip
COLUMNS = [
    "name", "type_id", "state", "start", "stop", "participant_ids/partner_id", "participant_ids/role",
    "participant_ids/mark", "agenda_item_ids/name", "agenda_item_ids/notes",
]  # fmt: skip


class TestImport(MeetingCommon):
    """Done by a meeting administrator, as in the web client: preview, then import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref(
            "base.group_partner_manager"
        )  # the file names people who are no contacts yet

    def load_file(self, content, file_type="text/csv", user=None, dryrun=False):
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.manager)
            .with_context(tz="UTC")
            .create({"res_model": "meeting.meeting", "file": content, "file_name": "past", "file_type": file_type})
        )
        preview = wizard.parse_preview({**OPTIONS}, count=10)
        self.assertNotIn("error", preview)
        columns = ["/".join(preview["matches"].get(index, ())) for index in range(len(preview["headers"]))]
        return wizard.execute_import(columns, preview["headers"], {**OPTIONS}, dryrun=dryrun)

    def load_rows(self, *rows, **kwargs):
        text = io.StringIO()
        csv.writer(text).writerows([COLUMNS, *rows])
        return self.load_file(text.getvalue().encode(), **kwargs)

    def row(self, name, start, stop="", state="closed", person="", role="", mark="", topic="", notes=""):
        return [name, "Weekly" if name else "", state if name else "", start, stop, person, role, mark, topic, notes]

    def count(self):
        self.env.flush_all()
        return [
            self.env[model].search_count([])
            for model in ("meeting.meeting", "meeting.participant", "meeting.agenda.item", "res.partner",
                          "calendar.event",
                          "meeting.notification", "mail.mail", "mail.notification")
        ]  # fmt: skip

    def test_a_past_meeting_arrives_as_the_file_says(self):
        """PT-1, AT-2, MN-1: people, marks, topics and notes; nobody is added, nobody is told."""
        before = self.count()
        result = self.load_rows(
            self.row("Round 1", "2019-03-05 09:00:00", "2019-03-05 10:30:00", person="Old Member", role="chair",
                     topic="Prices",
                     notes="First line\nsecond < third"),
            self.row("", "", person="Member Ma", mark="excused", topic="Costs"),
            self.row("Round 2", "2019-03-12 09:00:00", state="held", person="Old Member"),
        )  # fmt: skip
        self.assertFalse(result["messages"])
        first, second = meetings = self.env["meeting.meeting"].browse(result["ids"])
        self.assertEqual(meetings.mapped("state"), ["closed", "held"])
        self.assertEqual((first.duration, second.duration), (1.5, 1.0))
        self.assertEqual(first.actual_stop, first.stop)
        self.assertEqual(
            {line.partner_id.name: (line.role, line.attendance_state) for line in first.participant_ids},
            {"Old Member": ("chair", "present"), "Member Ma": ("required", "excused")},
        )
        self.assertEqual(first.agenda_item_ids.mapped("name"), ["Prices", "Costs"])
        self.assertEqual(set(first.agenda_item_ids.mapped("state")), {"discussed"})
        self.assertEqual(first.agenda_item_ids[0].notes, "<p>First line<br>second &lt; third</p>")
        self.assertFalse(first.chair_id, "nobody of today is made the chair of that day")
        self.assertEqual(first.convener_id, self.manager)
        self.assertEqual(len(second.participant_ids), 1)
        after = self.count()
        self.assertEqual([b - a for a, b in zip(before, after, strict=True)], [2, 3, 2, 1, 0, 0, 0, 0])
        seen = first.with_user(self.member)
        self.assertTrue(seen.has_access("read"))

    def test_minutes_of_closed_meetings_are_archived_by_the_job(self):
        """MN-8: from the notes, with their PDF, and nobody is told; held meetings keep their minutes to be written."""
        closed, silent, held = self.env["meeting.meeting"].browse(
            self.load_rows(
                self.row(
                    "With notes",
                    "2019-03-05 09:00:00",
                    person="Member Ma",
                    topic="Prices",
                    notes="Prices stay until April.",
                ),
                self.row("Without", "2019-03-06 09:00:00", topic="Costs"),
                self.row("Held", "2019-03-07 09:00:00", state="held", topic="Costs", notes="Costs rise."),
            )["ids"]
        )
        before = self.count()
        with self.enter_registry_test_mode():
            self.assertIs(self.env.ref("meeting_management.cron_history_minutes").method_direct_trigger(), True)
            self.assertIs(self.env.ref("meeting_management.cron_history_minutes").method_direct_trigger(), True)
        self.assertEqual((closed.minutes_ids.state, closed.minutes_ids.version), ("archived", 1))
        self.assertIn("Prices stay until April.", closed.minutes_ids.revision_ids.body)
        self.assertTrue(closed.minutes_ids.revision_ids._pdf_for_user(self.member).startswith(b"%PDF"))
        self.assertFalse(silent.minutes_ids | held.minutes_ids)
        self.assertFalse(closed.participant_ids.filtered("minutes_unread"))
        self.assertEqual(self.count(), before)
        self.assertTrue(closed.minutes_ids.with_user(self.member).has_access("read"))
        held.with_user(self.manager).action_open_minutes()
        self.assertEqual(held.minutes_ids.state, "draft")

    def test_wrong_rows_are_named_and_nothing_is_written(self):
        """The line and the reason of each wrong row; the right ones are not written either."""
        before = self.count()
        result = self.load_rows(
            self.row("Good", "2019-03-05 09:00:00", "2019-03-05 10:00:00", person="New Person"),
            self.row("", "", person="Member Ma"),
            self.row("Backwards", "2019-03-06 10:00:00", "2019-03-06 09:00:00"),
            self.row("Fine", "2019-03-07 10:00:00"),
            self.row("Tomorrow", "2099-01-01 10:00:00"),
        )
        self.assertFalse(result["ids"])
        self.assertEqual([message["rows"]["from"] for message in result["messages"]], [2, 4])
        self.assertRegex(result["messages"][0]["message"], "“Backwards” would end before it starts")
        self.assertRegex(
            result["messages"][1]["message"], "“Tomorrow” would end on 2099-01-01 11:00:00, which is still to come"
        )
        self.assertEqual(self.count(), before)

    def test_what_the_framework_refuses_names_the_row_too(self):
        """An unknown type, a mark that does not exist."""
        with mute_logger("odoo.sql_db"):
            result = self.load_rows(
                self.row("Good", "2019-03-05 09:00:00"),
                ["Bad type", "No such type", "closed", "2019-03-05 09:00:00", "", "", "", "", "", ""],
                self.row("Bad mark", "2019-03-05 09:00:00", person="Member Ma", mark="asleep"),
            )
        self.assertFalse(result["ids"])
        errors = [message for message in result["messages"] if message["type"] == "error"]
        self.assertEqual({message["rows"]["from"] for message in errors}, {1, 2})
        self.assertIn("No such type", errors[0]["message"])
        self.assertIn("asleep", errors[1]["message"])

    def test_the_sample_files_can_be_imported_as_they_are(self):
        """Both are offered on the import screen."""
        offered = [template["template"] for template in self.env["meeting.meeting"].get_import_templates()]
        self.assertEqual(
            offered,
            ["/meeting_management/static/xls/past_meetings.xlsx", "/meeting_management/static/csv/past_meetings.csv"],
        )
        xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        for path, file_type in zip(offered, (xlsx, "text/csv"), strict=True):
            with self.subTest(path):
                result = self.load_file((ROOT / path.lstrip("/")).read_bytes(), file_type)
                self.assertFalse(result["messages"])
                weekly, visit = self.env["meeting.meeting"].browse(result["ids"])
                self.assertEqual((len(weekly.participant_ids), len(weekly.agenda_item_ids)), (4, 2))
                self.assertEqual((len(visit.participant_ids), visit.state), (2, "held"))
                self.assertEqual(str(visit.stop), "2025-01-09 11:30:00")

    def test_only_an_administrator_imports_history(self):
        """CF-6: anybody else is told so; nobody brings in what he may not see."""
        result = self.load_rows(self.row("Mine", "2019-03-05 09:00:00"), user=self.secretary)
        self.assertIn("meeting administrator", result["messages"][0]["message"])
        values = {
            "name": "Pay",
            "type_id": self.weekly.id,
            "level": "secret",
            "state": "closed",
            "start": "2019-03-05 09:00:00",
        }
        with self.assertRaisesRegex(AccessError, "open to its organisers only"):
            self.env["meeting.meeting"].with_user(self.manager).create({**values, "convener_id": self.boss.id})
        own = self.env["meeting.meeting"].with_user(self.manager).create(values)
        self.assertFalse(own.with_user(self.secretary).has_access("read"))
        with self.assertRaisesRegex(ValidationError, "start must be given"):
            self.env["meeting.meeting"].with_user(self.manager).create({**values, "start": False})

    def test_who_left_can_still_have_convened(self):
        """History keeps people without a login today, and types that others convene now."""
        self.outsider.active = False
        self.weekly.convener_department_ids = self.sales
        meeting = (
            self.env["meeting.meeting"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Then",
                    "type_id": self.weekly.id,
                    "state": "held",
                    "start": "2019-03-05 09:00:00",
                    "convener_id": self.outsider.id,
                }
            )
        )
        self.assertEqual(meeting.state, "held")
        with self.assertRaises(ValidationError):
            self.make_meeting(self.manager, convener_id=self.outsider.id, participant_ids=[Command.clear()])

    @pytest.mark.skipif(not TSC.is_dir(), reason="the sample of real meetings is not here")
    def test_five_years_of_a_committee(self):
        """185 meetings, 1,666 attendances, 2,734 topics in one file; time and queries are printed, not judged."""

        def read(name):
            with open(TSC / name, newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))

        people, topics = {}, {}
        for source, target in ((read("attendance.csv"), people), (read("agenda.csv"), topics)):
            for line in source:
                target.setdefault(line["key"], []).append(line)
        rows = []
        for meeting in read("meetings.csv"):
            key = meeting["key"]
            mine, items = people.get(key, []), topics.get(key, [])
            for index in range(max(len(mine), len(items), 1)):
                person = mine[index] if index < len(mine) else {}
                item = items[index] if index < len(items) else {}
                rows.append(
                    self.row(
                        meeting["subject"] if not index else "", f"{meeting['date']} 20:00:00" if not index else "",
                        person=person.get("person", ""), mark=person.get("status", ""),
                        role={"observer": "observer", "member": "required"}.get(person.get("role"), ""),
                        topic=item.get("title", ""), notes=item.get("notes", ""),
                    )
                )  # fmt: skip
        before = self.count()
        queries, start = self.env.cr.sql_log_count, time.monotonic()
        result = self.load_rows(*rows)
        self.env.flush_all()
        seconds, queries = time.monotonic() - start, self.env.cr.sql_log_count - queries
        self.assertFalse(result["messages"])
        after = self.count()
        persons = len({line["person"] for lines in people.values() for line in lines})
        self.assertEqual([b - a for a, b in zip(before, after, strict=True)], [185, 1666, 2734, persons, 0, 0, 0, 0])
        meetings = self.env["meeting.meeting"].browse(result["ids"])
        self.assertEqual(meetings.participant_ids.mapped("attendance_state").count("absent"), 15)
        print(f"\n{len(rows)} rows: {seconds:.1f} s, {queries} queries")  # noqa: T201
