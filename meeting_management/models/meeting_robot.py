"""Group robots of WeCom, DingTalk and Feishu: which meetings a chat group hears of (NT-1, NT-5, CF-1)."""

import time

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..told import RELOAD, told
from . import meeting_robot_format, meeting_robot_post
from .meeting_message_kind import TO_GROUPS, kind_of
from .meeting_permission_table import is_stricter

ALLOWED_HOSTS = "meeting_management.robot_private_hosts"
"""System parameter: hosts, separated by commas, that may be in a private network."""


class MeetingRobot(models.Model):
    """群机器人. Set up by the administrators of the system alone; address and secret go in and never come out again.

    A group hears of meetings that are public to the company, and of internal ones where the administrator vouches that
    everybody in the group belongs to a department concerned. Closed meetings never: the program refuses, whatever the
    settings say (CF-1).
    """

    _name = "meeting.robot"
    _description = "Group Robot"
    _order = "name, id"

    name = fields.Char(required=True, help="As the group is called, so that colleagues know which one is meant.")
    kind = fields.Selection(
        [("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")], required=True, default="wecom"
    )
    active = fields.Boolean(default=False, copy=False, help="Off until you have sent a test message.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang or self.env.company.partner_id.lang or "en_US",
    )

    # Nobody reads these two, not even over RPC; the job does
    address = fields.Char("Address Kept", copy=False, groups=fields.NO_ACCESS)
    secret = fields.Char("Secret Kept", copy=False, groups=fields.NO_ACCESS)
    new_address = fields.Char(
        "Webhook Address",
        compute="_compute_new",
        inverse="_inverse_new_address",
        help="As the chat program shows it when you add the robot to the group. It is kept and not shown again.",
    )
    new_secret = fields.Char(
        "Signature Secret",
        compute="_compute_new",
        inverse="_inverse_new_secret",
        help="DingTalk: “sign” (加签); Feishu: signature verification (签名校验). WeCom has none.",
    )
    address_shown = fields.Char("Address", compute="_compute_shown")
    has_secret = fields.Boolean("Signs Its Messages", compute="_compute_shown")

    kind_ids = fields.Many2many(
        "meeting.message.kind",
        "meeting_robot_kind_rel",
        "robot_id",
        "kind_id",
        "Messages",
        domain=[("code", "in", TO_GROUPS)],
        default=lambda self: self.env["meeting.message.kind"].search([("code", "in", ("notice", "change", "cancel"))]),
    )
    type_ids = fields.Many2many(
        "meeting.type", "meeting_robot_type_rel", "robot_id", "type_id", "Meeting Types", help="Empty: all."
    )
    department_ids = fields.Many2many(
        "hr.department",
        "meeting_robot_department_rel",
        "robot_id",
        "department_id",
        "Departments Concerned",
        help="Only meetings that concern one of these. Empty: all.",
    )
    audience_department_ids = fields.Many2many(
        "hr.department",
        "meeting_robot_audience_rel",
        "robot_id",
        "department_id",
        "Everybody in the Group Belongs To",
        help="By filling this in you vouch for who is in the group: it then hears of internal meetings of these "
        "departments too. Empty: of meetings public to the company alone.",
    )
    message_ids = fields.One2many("meeting.robot.message", "robot_id", "Messages Sent")
    message_count = fields.Integer("Messages of the Robot", compute="_compute_message_count")
    failed_count = fields.Integer("Failed", compute="_compute_message_count")
    tested_at = fields.Datetime("Last Test", readonly=True, copy=False)
    taken_at = fields.Datetime(readonly=True, copy=False)  # written by the job, so that two servers count together

    # The secrets

    def _compute_new(self):
        self.new_address = self.new_secret = False

    def _inverse_new_address(self):
        for robot in self.filtered("new_address"):
            # sudo: nobody may read the column; whoever may write the robot may set it
            robot.sudo().address = robot.new_address.strip()

    def _inverse_new_secret(self):
        for robot in self.filtered("new_secret"):
            # sudo: as above
            robot.sudo().secret = robot.new_secret.strip()

    @api.depends("address", "secret")
    def _compute_shown(self):
        for robot in self:
            # sudo: the host and the last four signs, which tell robots apart and open nothing
            address = robot.sudo().address or ""
            host = address.partition("://")[2].partition("/")[0]
            robot.address_shown = f"{host}/…{address[-4:]}" if address else False
            robot.has_secret = bool(robot.sudo().secret)

    @api.constrains("address")
    def _check_address(self):
        for robot in self:
            address = robot.sudo().address  # sudo: as above
            try:
                if address:
                    meeting_robot_post.check(address, self._plain_http_allowed())
            except meeting_robot_post.RobotError as error:
                raise ValidationError(
                    self.env._(
                        "This is no webhook address: %s. Copy it from the chat program, from https:// to the end.",
                        self._in_words(str(error)),
                    )
                ) from None

    @api.constrains("active")
    def _check_ready(self):
        if any(robot.active and not robot.sudo().address for robot in self):  # sudo: only whether there is one
            raise ValidationError(
                self.env._("A robot without a webhook address cannot be switched on. Fill in the address first.")
            )

    @api.depends("message_ids.state")
    def _compute_message_count(self):
        counts = {}
        for robot, state, count in self.env["meeting.robot.message"]._read_group(
            [("robot_id", "in", self.ids)], ["robot_id", "state"], ["__count"]
        ):
            counts.setdefault(robot.id, {})[state] = count
        for robot in self:
            robot.message_count = sum(counts.get(robot.id, {}).values())
            robot.failed_count = counts.get(robot.id, {}).get("failed", 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Switched on last, when the address has been taken in."""
        switched_on = [vals.get("active", False) for vals in vals_list]
        robots = super().create([{**vals, "active": False} for vals in vals_list])
        for robot, active in zip(robots, switched_on, strict=True):
            if active:
                robot.active = True
        robots._forget_typed()
        return robots

    def write(self, vals):
        res = super().write(vals)
        self._forget_typed()
        return res

    def _forget_typed(self):
        """What was typed goes back to nobody, not even in the answer to the very call that brought it."""
        self.invalidate_recordset(["new_address", "new_secret"], flush=False)

    # Buttons

    def action_test(self):
        """Send a test message and say what became of it."""
        self.ensure_one()
        self.check_access("write")
        if not self.sudo().address:  # sudo: only whether there is one
            raise UserError(self.env._("Fill in the webhook address first, then send the test message."))
        robot = self.with_context(lang=self.lang)
        message = meeting_robot_format.body(
            self.kind,
            robot.env._("Test message of the meeting system"),
            [("", robot.env._("This group will be told of meetings of %s.", self.company_id.name))],
            None,
            chinese=self.lang.startswith("zh"),
        )
        error = self._post(message)
        if error:
            raise UserError(
                self.env._(
                    "The test message was not taken: %s. Check the address, and the security settings of the robot in "
                    "the chat program.",
                    self._in_words(error),
                )
            )
        self.tested_at = fields.Datetime.now()
        return told(self.env._("The test message has been taken. Look into the group."), then=RELOAD)

    def action_open_messages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_robot_message_action")
        return {**action, "domain": [("robot_id", "=", self.id)]}

    # Sending

    @api.model
    def _plain_http_allowed(self):
        """Whether http:// will do. Never in use; tests, whose server is on the same machine, say otherwise."""
        return False

    @api.model
    def _private_hosts(self):
        # sudo: a setting of the system that says where messages may go
        value = self.env["ir.config_parameter"].sudo().get_param(ALLOWED_HOSTS) or ""
        return tuple(host.strip().lower() for host in value.split(",") if host.strip())

    def _post(self, message):
        """Send one message over the network. Writes nothing.

        :return: why it was not taken, in English, or None
        """
        self.ensure_one()
        robot = self.sudo()  # sudo: address and secret are closed to everybody; they go to their own host
        address, message = meeting_robot_format.signed(robot.kind, robot.address, message, robot.secret, time.time())
        try:
            answer = meeting_robot_post.post(address, message, self._private_hosts(), self._plain_http_allowed())
        except meeting_robot_post.RobotError as error:
            return str(error)
        return meeting_robot_format.refusal(robot.kind, answer)

    @api.model
    def _in_words(self, error):
        """:return: an error of ours in the reader's language; what a chat program's house says, as it says it"""
        words = {
            "the address is malformed": self.env._("the address is malformed"),
            "the address does not begin with https://": self.env._("the address does not begin with https://"),
            "the address names no host, or a login": self.env._("the address names no host, or a login"),
            "the host is unknown": self.env._("the host is unknown"),
            "the host is in a private network, and not among those that are allowed": self.env._(
                "the host is in a private network, and not among those that are allowed"
            ),
            "no answer in time": self.env._("no answer in time"),
            "the host's certificate is not valid": self.env._("the host's certificate is not valid"),
            "no connection": self.env._("no connection"),
            "the answer is not JSON": self.env._("the answer comes from no chat robot"),
        }
        return words.get(error, error)

    # What a group may hear

    def _wants(self, record, kind, asked=False):
        """Whether this group is to be told this kind of message about this document.

        :param bool asked: a rule asks for the robot, so that the kinds chosen here do not matter
        """
        self.ensure_one()
        meeting = record._notification_meeting()
        return bool(
            kind in TO_GROUPS
            and (asked or kind in self.kind_ids.mapped("code"))
            and self._may_hear(record)
            and meeting.company_id == self.company_id
            and (not self.type_ids or meeting.type_id in self.type_ids)
            and (
                not self.department_ids
                or self.env["hr.department"].search_count(
                    [("id", "in", meeting.department_ids.ids), ("id", "child_of", self.department_ids.ids)], limit=1
                )
            )
        )

    def _may_hear(self, record):
        """Whether everybody in the group may read this document anyway. Asked when a message is owed and again when it
        leaves (CF-1)."""
        self.ensure_one()
        meeting = record._notification_meeting()
        if not meeting or not meeting._is_announced():
            return False
        level, own = meeting.level, record._notification_level()
        level = own if is_stricter(own, level) else level
        if level == "public":
            return True
        if level != "internal" or not self.audience_department_ids:
            return False
        concerned = set(meeting.department_ids.ids)
        return all(
            concerned & {int(part) for part in (department.parent_path or "").split("/") if part}
            for department in self.audience_department_ids
        )


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _tell_groups(self, channels):
        """Owe the groups what falls due in these rows: once per group, document and step, whatever the number of
        people.

        :param channels: see `_wanted_channels`
        """
        robots = self.env["meeting.robot"].search([])
        if not robots:
            return
        wanted = {}
        for row, record in self._with_subjects():
            kind = kind_of(row.step)
            if kind in TO_GROUPS:
                # who joins later gets a notice of his own, the group has had it
                step = "notice" if kind == "notice" else row.step
                asked = "robot" in channels.get(row.id, ())
                key = (record, kind, step)
                wanted[key] = wanted.get(key, False) or asked
        owed = [
            (robot, record, step)
            for (record, kind, step), asked in wanted.items()
            for robot in robots
            if robot._wants(record, kind, asked)
        ]
        self.env["meeting.robot.message"]._owe(owed)
