"""The demo company: its departments, people and rooms. What happens in it stands in ``stories``."""

import base64
from datetime import timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

PEOPLE = {
    # login: (name, department, job, manager, language, groups)
    "zhao": ("赵敏 Zhao Min", "management", "General Manager 总经理", None, "zh_CN", ()),
    "wang": ("王磊 Wang Lei", "sales", "Head of Sales 销售经理", "zhao", "zh_CN", ()),
    "chen": ("陈杰 Chen Jie", "sales", "Account Manager 客户经理", "wang", "zh_CN", ()),
    "lin": ("林悦 Lin Yue", "sales", "Account Manager 客户经理", "wang", "zh_CN", ()),
    "sun": ("孙浩 Sun Hao", "service", "Head of After-Sales 售后经理", "zhao", "zh_CN", ()),
    "guo": ("郭鹏 Guo Peng", "service", "Workshop Foreman 车间主管", "sun", "zh_CN", ()),
    "anna": ("Anna Berg", "finance", "Financial Controller 财务主管", "zhao", "en_US", ("group_auditor",)),
    "wu": (
        "吴强 Wu Qiang",
        "administration",
        "Head of Administration 行政经理",
        "zhao",
        "zh_CN",
        ("group_room_manager", "group_auditor"),
    ),
    "liu": ("刘洋 Liu Yang", "administration", "Secretary 秘书", "wu", "zh_CN", ("group_secretary",)),
    "xu": ("许娜 Xu Na", "hr", "HR Manager 人力资源经理", "zhao", "zh_CN", ("group_hr",)),
}
DEPARTMENTS = {
    # key: (English, Chinese, login of the head)
    "management": ("General Management", "总经办", "zhao"),
    "sales": ("Sales", "销售部", "wang"),
    "service": ("After-Sales", "售后服务部", "sun"),
    "finance": ("Finance", "财务部", "anna"),
    "administration": ("Administration", "行政部", "wu"),
    "hr": ("Human Resources", "人力资源部", "xu"),
}
FEATURES = {
    "projector": ("Projector", "投影仪", 1),
    "video": ("Video System", "视频会议系统", 4),
    "whiteboard": ("Whiteboard", "白板", 2),
    "phone": ("Conference Phone", "会议电话", 3),
    "mic": ("Microphones", "话筒", 5),
}
ROOMS = (
    # English, Chinese, number, seats, layout, features, needs approval, cleaning minutes
    ("Maple", "枫叶厅", "301", 8, "boardroom", ("whiteboard", "projector"), False, 0),
    ("Bamboo", "竹韵厅", "302", 12, "boardroom", ("projector", "video", "phone"), False, 10),
    ("Lotus VIP Room", "莲花贵宾厅", "501", 16, "lounge", ("projector", "video", "mic"), True, 30),
    ("Great Hall", "多功能厅", "101", 80, "theatre", ("projector", "mic"), True, 30),
)


class MeetingDemo(models.AbstractModel):
    """Fills a database with a lively company, through the buttons people press, as the people who press them."""

    _name = "meeting.demo"
    _description = "Demo Company"

    @api.model
    def _populate(self):
        """Called once, when demo data is loaded."""
        demo = self.with_context(tracking_disable=False, no_reset_password=True, mail_create_nosubscribe=True)
        demo._speak()
        demo._name_company()
        demo._make_people()
        demo._make_rooms()
        demo._make_stories()
        demo._make_channels()

    def _speak(self):
        """Demo data is made before the translations are read: have the types' texts in Chinese already."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env["ir.module.module"]._load_module_terms(["meeting_management"], languages)

    def _name_company(self):
        """A fresh database's company gets the name on the door; one that has a name keeps it."""
        company = self.env.company
        if company.name in ("YourCompany", "My Company"):
            company.write({"name": "海晨汽车 Haichen Auto", "email": "office@haichen.example"})
            if "account.move" not in self.env:  # which would not let go of a currency in use
                self.env.ref("base.CNY").active = True
                company.currency_id = self.env.ref("base.CNY")
            company.resource_calendar_id.tz = "Asia/Shanghai"

    # -- who and where ------------------------------------------------------------------------------------------

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def _partner(self, login):
        return self._user(login).partner_id

    def _bilingual(self, model, english, chinese, **values):
        record = self.env[model].with_context(lang="en_US").create({"name": english, **values})
        record.with_context(lang="zh_CN").name = chinese
        return record

    def _chinese(self):
        """Chinese where the language is loaded, otherwise English."""
        loaded = dict(self.env["res.lang"].get_installed())
        return "zh_CN" if "zh_CN" in loaded else "en_US"

    def _make_people(self):
        departments = {
            key: self._department(english, chinese) for key, (english, chinese, _head) in DEPARTMENTS.items()
        }
        employees = {}
        for login, (name, department, job, manager, lang, groups) in PEOPLE.items():
            groups = self.env["res.groups"].union(*(self.env.ref(f"meeting_management.{group}") for group in groups))
            user = self.env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@haichen.example",
                    "lang": lang if lang == "en_US" else self._chinese(),
                    "tz": "Asia/Shanghai",
                    "notification_type": "inbox",
                    # the bot's greeting would cover the first screen on a phone
                    **({"odoobot_state": "disabled"} if "odoobot_state" in self.env["res.users"]._fields else {}),
                    "group_ids": [Command.link(self.env.ref("base.group_user").id)]
                    + [Command.link(g.id) for g in groups],
                }
            )
            employees[login] = self.env["hr.employee"].create(
                {
                    "name": name,
                    "user_id": user.id,
                    "work_email": user.email,
                    "department_id": departments[department].id,
                    "job_title": job,
                    "parent_id": employees[manager].id if manager else False,
                }
            )
        for key, (_english, _chinese, head) in DEPARTMENTS.items():
            departments[key].manager_id = employees[head]
        self.env.company.meeting_fallback_approver_id = self._user("zhao")

    def _department(self, english, chinese):
        """The department of that name, shared with the demo data of Employees where it is there already."""
        found = self.env["hr.department"].with_context(lang="en_US").search([("name", "=", english)], limit=1)
        department = found or self.env["hr.department"].create({"name": english})
        if self.env["hr.department"]._fields["name"].translate:
            department.with_context(lang="zh_CN").name = chinese
        return department

    def _make_rooms(self):
        location = self._bilingual(
            "meeting.location", "Haichen Tower", "海晨大厦", tz="Asia/Shanghai", address="88 Harbour Road, Shanghai"
        )
        features = {
            key: self._bilingual("meeting.room.feature", english, chinese, color=color)
            for key, (english, chinese, color) in FEATURES.items()
        }
        for sequence, (english, chinese, code, seats, layout, offers, approval, cleaning) in enumerate(ROOMS, 1):
            self._bilingual(
                "meeting.room",
                english,
                chinese,
                code=code,
                sequence=sequence,
                location_id=location.id,
                capacity=seats,
                layout=layout,
                feature_ids=[Command.set([features[key].id for key in offers])],
                needs_approval=approval,
                clean_minutes=cleaning,
                manager_ids=[Command.set(self._user("wu").ids)] if approval else False,
                image_1920=self._photo(code),
            )

    def _photo(self, code):
        path = Path(__file__).parent / "rooms" / f"{code}.png"
        return base64.b64encode(path.read_bytes()) if path.exists() else False

    def _room(self, code):
        return self.env["meeting.room"].search([("code", "=", code)], limit=1)

    # -- the clock ----------------------------------------------------------------------------------------------

    def _shanghai(self, days, hour, minute=0):
        """So many days from today at a Shanghai clock time, as stored (UTC); weekends roll to Monday."""
        today = fields.Datetime.now() + timedelta(hours=8)
        moment = today.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
        while moment.weekday() > 4:
            moment += timedelta(days=1 if days >= 0 else -1)
        return moment - timedelta(hours=8)

    def _move_to(self, meeting, start):
        """Move a meeting that was just played, and everything under it, to its place in the past."""
        self.env.flush_all()
        shift = meeting.start - start
        self.env.cr.execute(
            """SELECT c.table_name, array_agg(c.column_name::text)
                 FROM information_schema.columns c
                 JOIN information_schema.columns m USING (table_schema, table_name)
                WHERE c.table_schema = current_schema() AND c.table_name LIKE 'meeting\\_%'
                  AND c.data_type IN ('timestamp without time zone', 'date')
                  AND m.column_name = CASE c.table_name WHEN 'meeting_meeting' THEN 'id' ELSE 'meeting_id' END
                GROUP BY c.table_name"""
        )
        for table, columns in self.env.cr.fetchall():
            moves = (SQL("%s = %s - %s", SQL.identifier(name), SQL.identifier(name), shift) for name in columns)
            key = SQL.identifier("id" if table == "meeting_meeting" else "meeting_id")
            # One statement a table, so that checks on the order of dates see the row as a whole.
            self.env.cr.execute(
                SQL("UPDATE %s SET %s WHERE %s = %s", SQL.identifier(table), SQL(", ").join(moves), key, meeting.id)
            )
        self.env.cr.execute(
            "UPDATE mail_message SET date = date - %s WHERE model = 'meeting.meeting' AND res_id = %s",
            (shift, meeting.id),
        )
        self.env.invalidate_all()
        self._move_limits(meeting, shift)

    def _tell_everyone(self, meeting):
        """What was queued for this meeting of the past counts as sent, as it would have been."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE meeting_notification SET state = 'sent', sent_at = now() AT TIME ZONE 'UTC' WHERE "
            "meeting_id = %s AND state = 'pending'",
            (meeting.id,),
        )
        self.env.cr.execute(
            "UPDATE meeting_participant SET notified_at = now() AT TIME ZONE 'UTC' WHERE meeting_id = %s", (meeting.id,)
        )
        self.env.invalidate_all()
        meeting.participant_ids.modified(["notified_at"])
