"""A world with secrets in it: meetings at every closed level, full of strings that nobody else may ever see."""

import base64
import secrets
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo.exceptions import UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from tests.security.doors.events import Events

CLOSED_LEVELS = ("secret", "participants")
# What the whole company reads anyway: policy, places and who holds which room when (CF-5).
OPEN_MODELS = tuple(
    f"meeting.{name}" for name in ("type", "precedence", "room", "location", "booking", "reminder")
)
# What keeps the rooms in order names no meeting; that it does not is what the walk looks for (tests/rooms_upkeep).
CARE_MODELS = (
    "meeting.equipment",
    "meeting.fault",
    "meeting.cleaning",
    "meeting.inspection",
    "meeting.leaving",
    "meeting.loan",
    "meeting.damage",
    "meeting.fee",
)
# Texts for everybody, and what auditors are there to read.
AUDITED_MODELS = ("meeting.agreement", "meeting.access.log", "meeting.break.glass")
# Settings: the names of chat groups, for the administrators who set them up, and the kinds of message, for everybody.
CONFIGURED_MODELS = ("meeting.robot", "meeting.message.kind")
# Hashes, addresses of machines, and keys: no text of anybody's
TOKEN_MODELS = ("meeting.guest.code", "meeting.guest.throttle", "meeting.guest.token", "meeting.clock")
# Technical words that steer code; a planted string there would break the document instead of testing it.
STEERING_FIELDS = ("res_model", "key", "step", "verb", "lang", "tz", "words", "rrule", "video_url")


class SecretWorld(Events):
    """`cls.world[level]` holds the records of one meeting, from application to published and corrected minutes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.MARK = "zq" + secrets.token_hex(6)
        cls.ex = cls.make_user("ex", "Former Fu", cls.finance)
        every = cls.env["res.groups"].search([("all_implied_ids", "not in", cls.env.ref("base.group_portal").ids)])
        # an auditor reads why an emergency was declared (CF-6); he is not who is meant by a technician
        every -= cls.env.ref("base.group_public") | cls.env.ref("meeting_management.group_auditor")
        cls.technician = cls.make_user("technician", "Technician Te", cls.finance)
        cls.technician.write({"group_ids": [Command.link(group.id) for group in every]})
        cls.portal = new_test_user(cls.env, login="portal_guest", groups="base.group_portal", name="Portal Pu")
        cls.minute_taker.notification_type = "inbox"  # what he is told goes over the bus
        cls.strangers = {
            "outsider": cls.outsider,
            "technician": cls.technician,
            "room manager": cls.room_manager,
            "attendance officer": cls.hr,
            "removed participant": cls.ex,
            "portal": cls.portal,
        }

    @classmethod
    def plant(cls, where):
        return f"{cls.MARK} {where}"

    @classmethod
    def make_file(cls, user, **vals):
        text = cls.plant("file content")
        return (
            cls.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": f"{cls.plant('file name')}.txt",
                    "description": cls.plant("file description"),
                    "datas": base64.b64encode(text.encode()),
                    "mimetype": "text/plain",
                    **vals,
                }
            )
        )

    def secret_meeting(self, level="secret", **vals):
        """A scheduled meeting with an agenda and materials; `ex` is on its list and got its notice."""
        meeting = self.make_meeting(
            **{
                "name": self.plant("meeting name"),
                "level": level,
                "type_id": self.reception.id,
                "purpose": self.plant("purpose"),
                "preparation": self.plant("preparation"),
                "place": self.plant("place"),
                "video_url": f"https://video.example/{self.MARK}_video",
                "room_id": self.maple.id,
                "agenda_item_ids": [
                    Command.create({"name": self.plant("topic"), "goal": self.plant("goal"), "minutes": 30})
                ],
                "participant_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in (self.member.partner_id, self.ex.partner_id, self.guest)
                ],
                **vals,
            }
        )
        self.sign_agreements(self.schedule(meeting))
        self.deliver()
        meeting.agenda_item_ids[0].attachment_ids = [Command.link(self.make_file(self.convener).id)]
        return meeting

    def talk(self, meeting):
        """Chatter, activities, follow-ups and what the mail system keeps of them."""
        chatter = meeting.with_user(self.convener).with_context(tracking_disable=False, mail_notrack=False)
        meeting.message_subscribe((self.ex | self.member | self.chair | self.minute_taker).partner_id.ids)
        message = chatter.message_post(
            body=self.plant("message body"),
            subject=self.plant("message subject"),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(self.ex | self.chair).partner_id.ids,
            attachment_ids=self.make_file(self.convener, res_model=meeting._name, res_id=meeting.id).ids,
        )
        chatter.with_user(self.ex).message_post(body=self.plant("words of the later removed"))
        for user in (self.member, self.ex):
            chatter.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.plant("activity summary"),
                note=self.plant("activity note"),
            )
        chatter.name = self.plant("second meeting name")
        self.env.cr.precommit.run()
        self.env["mail.scheduled.message"].with_user(self.convener).create(
            {
                "model": meeting._name,
                "res_id": meeting.id,
                "author_id": self.convener.partner_id.id,
                "body": self.plant("scheduled body"),
                "subject": self.plant("scheduled subject"),
                "scheduled_date": Datetime.now() + timedelta(days=1),
            }
        )
        rows = self.env(su=True)
        rows["mail.message.reaction"].create(
            {"message_id": message.id, "content": "👍", "partner_id": self.chair.partner_id.id}
        )
        rows["mail.message.translation"].create(
            {
                "message_id": message.id,
                "body": self.plant("translated body"),
                "source_lang": "en",
                "target_lang": "zh",
            }
        )
        preview = rows["mail.link.preview"].create(
            {"source_url": f"https://example.test/{self.MARK}/{meeting.id}", "og_title": self.plant("link title")}
        )
        rows["mail.message.link.preview"].create({"message_id": message.id, "link_preview_id": preview.id})
        rows["mail.message.schedule"].create(
            {
                "mail_message_id": message.id,
                "notification_parameters": f'{{"subject": "{self.plant("parameters")}"}}',
                "scheduled_datetime": Datetime.now() + timedelta(days=1),
            }
        )
        return message

    def dialogues(self, meeting, task):
        """Dialogues that insiders have open."""
        for model, values in (
            ("meeting.reschedule", {"meeting_id": meeting.id, "reason": self.plant("reason to move")}),
            (
                "meeting.reason.wizard",
                {
                    "res_model": meeting._name,
                    "res_id": meeting.id,
                    "verb": "cancel",
                    "reason": self.plant("reason to cancel"),
                },
            ),
            (
                "meeting.action.report.wizard",
                {"action_item_id": task.id, "kind": "progress", "text": self.plant("report being typed")},
            ),
            (
                "mail.compose.message",
                {
                    "model": meeting._name,
                    "res_ids": str(meeting.ids),
                    "body": self.plant("mail being typed"),
                    "subject": self.plant("subject being typed"),
                    "composition_mode": "comment",
                },
            ),
        ):
            self.env[model].with_user(self.convener).create(values)

    def outcome(self, meeting):
        """From the held meeting to minutes that were published and corrected."""
        self.hold(meeting)
        item = meeting.agenda_item_ids[0].with_user(self.minute_taker)
        item.write(
            {
                "notes": f"<p>{self.plant('notes')}</p>",
                "dissent": self.plant("dissent"),
                "conclusion": f"<p>{self.plant('conclusion')}</p>",
            }
        )
        minutes = meeting.minutes_ids.with_user(self.minute_taker)
        minutes.write({"introduction": self.plant("introduction"), "closing": self.plant("closing")})
        self.resolution(minutes, name=self.plant("resolution"), text=self.plant("wording")).message_subscribe(
            self.member.partner_id.ids
        )
        task = self.task(
            minutes, name=self.plant("task"), goal=self.plant("task goal"), standard=self.plant("standard")
        )
        self.publish(minutes)
        self.deliver()
        task.with_user(self.member).action_acknowledge()
        self.env["meeting.action.report.wizard"].with_user(self.member).create(
            {
                "action_item_id": task.id,
                "kind": "result",
                "percentage": 100,
                "text": self.plant("result"),
                "attachment_ids": [Command.link(self.make_file(self.member).id)],
            }
        ).action_confirm()
        self.env["meeting.reason.wizard"].with_user(self.chair).create(
            {"res_model": minutes._name, "res_id": minutes.id, "verb": "correct", "reason": self.plant("correction")}
        ).action_confirm()
        self.publish(minutes)
        self.deliver()
        return minutes, task

    def remove_ex(self, meeting):
        self.participant(meeting, self.ex.partner_id).with_user(self.convener).unlink()
        self.deliver()

    def build_world(self):
        """:return: list of the secret meetings: one per closed level with everything, and a draft"""
        meetings = []
        with self.cheap_pdf():
            for number, level in enumerate(CLOSED_LEVELS):
                meeting = self.secret_meeting(level, start=self.days_ahead(7 + number))
                self.outboxes(meeting, self.talk(meeting))
                self.remove_ex(meeting)
                minutes, task = self.outcome(meeting)
                self.dialogues(meeting, task)
                meetings.append(meeting)
            meetings.append(self.troubled_meeting())
        secret_type = self.env["meeting.type"].create({"name": "Board", "level": "secret"})
        self.env["meeting.series"].with_user(self.convener).create(
            {
                "name": self.plant("series"),
                "type_id": secret_type.id,
                "words": "every Tuesday 14:00",
                "tz": "Asia/Shanghai",
                "chair_id": self.chair.id,
                "minute_taker_id": self.minute_taker.id,
            }
        )
        meetings.append(self.make_meeting(name=self.plant("draft name"), level="participants"))
        self.plant_everywhere()
        return meetings

    def cheap_pdf(self):
        """The text of a PDF is what we look for, not its looks: rendering is what takes the time."""
        return patch.object(
            type(self.env["ir.actions.report"]), "_meeting_pdf", lambda report, html: str(html).encode()
        )

    def is_left_out(self, model):
        """Whether nothing is planted in the columns of this model of ours, for one of the reasons given above."""
        name = model._name
        closed = (*AUDITED_MODELS, *CONFIGURED_MODELS, *TOKEN_MODELS)
        return name.startswith(OPEN_MODELS + CARE_MODELS) or name in closed

    def plant_everywhere(self):
        """Every text column of every document of ours, also of those that later chapters bring."""
        self.env.flush_all()
        for name, model in self.env.registry.items():
            if not name.startswith("meeting.") or model._abstract or not model._auto or self.is_left_out(model):
                continue
            for field in model._fields.values():
                if field.store and field.column_type and field.type in ("char", "text", "html"):
                    if field.name in STEERING_FIELDS or "token" in field.name:
                        continue
                    # the names of table and column come from the registry
                    self.env.cr.execute(
                        f'UPDATE "{model._table}" SET "{field.name}" = %s '  # noqa: S608
                        f"WHERE coalesce(\"{field.name}\", '') NOT LIKE %s",
                        [self.plant(f"{name}.{field.name}"), f"%{self.MARK}%"],
                    )
        # his own signature stays with whoever signed, also when he is off the list
        self.env.cr.execute(
            "DELETE FROM meeting_agreement_signature WHERE partner_id = %s", [self.ex.partner_id.id]
        )
        self.env.cr.execute(
            "UPDATE mail_notification SET failure_reason = %s WHERE mail_message_id IN "
            "(SELECT id FROM mail_message WHERE model LIKE 'meeting.%%') AND res_partner_id != %s",
            [self.plant("failure reason"), self.ex.partner_id.id],
        )
        self.env.invalidate_all()


class DoorCase(SecretWorld):
    """One secret, scheduled meeting per test, with chatter and files; `ex` was on its list and was taken off."""

    def setUp(self):
        super().setUp()
        self.meeting = self.secret_meeting()
        self.message = self.talk(self.meeting)
        self.remove_ex(self.meeting)
        self.item = self.meeting.agenda_item_ids[0]
        self.file = self.item.attachment_ids

    def as_user(self, user, record_or_model):
        """The same, in the hands of `user`, with the empty cache that each call of a client begins with."""
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env[record_or_model] if isinstance(record_or_model, str) else record_or_model
        return model.with_user(user).with_context(lang="en_US")

    def answer(self, function, *args, **kwargs):
        """What a client gets back: the answer, or the words of the refusal."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db", "odoo.models"):
                return repr(function(*args, **kwargs))
        except (UserError, ValueError, KeyError, psycopg2.Error) as refusal:
            return f"{type(refusal).__name__}: {refusal}"

    def assertShown(self, function, *args, **kwargs):
        self.assertIn(self.MARK, self.answer(function, *args, **kwargs), "not even the entitled see it")

    def assertHidden(self, function, *args, **kwargs):
        answer = self.answer(function, *args, **kwargs)
        self.assertNotIn(self.MARK, answer)
        return answer

    @contextmanager
    def debug_mode(self):
        """Odoo counts everybody into the group of developers while the address says `?debug=1`."""
        users = type(self.env["res.users"])
        has_group = users.has_group
        with patch.object(
            users, "has_group", lambda user, group: group == "base.group_no_one" or has_group(user, group)
        ):
            yield
